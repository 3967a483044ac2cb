using System.Runtime.InteropServices;

namespace AX2Caption.Grains.Transcription;

/// <summary>A chunk's cepstra, 100 a second, less their mean over the chunk.</summary>
internal sealed unsafe class PocketSphinxFeatures : IDisposable
{
    private float* values;
    private float** frames;

    private PocketSphinxFeatures(int capacity, int dimension)
    {
        values = (float*)NativeMemory.AllocZeroed((nuint)(capacity * dimension), sizeof(float));
        frames = (float**)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(float*));
        for (var i = 0; i < capacity; i++)
            frames[i] = values + (i * dimension);
    }

    public int Count { get; private set; }

    public float** Frames => frames;

    public static PocketSphinxFeatures Compute(FrontEndHandle frontEnd, ReadOnlySpan<short> samples)
    {
        var dimension = PocketSphinxNative.FeatureDimension(frontEnd);
        // One frame each 10 ms, and room for the one that the end of the audio flushes out.
        var capacity = (samples.Length / (PcmAudio.SampleRate / 100)) + 4;
        var features = new PocketSphinxFeatures(capacity, dimension);

        PocketSphinxNative.StartFeatureStream(frontEnd);
        PocketSphinxNative.StartFeatures(frontEnd);
        fixed (short* first = samples)
        {
            var next = first;
            var left = (nuint)samples.Length;
            var count = capacity - 1;
            PocketSphinxNative.ProcessFrames(frontEnd, &next, &left, features.frames, &count, null);
            var flushed = 0;
            PocketSphinxNative.EndFeatures(frontEnd, features.frames[count], &flushed);
            features.Count = count + flushed;
        }

        features.SubtractMean(dimension);
        return features;
    }

    public void Dispose()
    {
        NativeMemory.Free(values);
        NativeMemory.Free(frames);
        values = null;
        frames = null;
    }

    private void SubtractMean(int dimension)
    {
        Span<double> mean = stackalloc double[dimension];
        var voiced = 0;
        for (var i = 0; i < Count; i++)
        {
            // Frames without energy say nothing of the voice and the room, and would pull the mean away.
            if (frames[i][0] < 0)
                continue;
            voiced++;
            for (var d = 0; d < dimension; d++)
                mean[d] += frames[i][d];
        }

        for (var i = 0; i < Count; i++)
            for (var d = 0; d < dimension; d++)
                frames[i][d] -= (float)(mean[d] / Math.Max(voiced, 1));
    }
}
