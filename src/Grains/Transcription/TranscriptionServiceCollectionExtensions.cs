using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Transcription;

public static class TranscriptionServiceCollectionExtensions
{
    /// <summary>Adds the speech engines. A silo that only asks which languages they serve loads none of them.</summary>
    public static IServiceCollection AddTranscription(this IServiceCollection services)
    {
        services.AddOptions<ChunkOptions>().BindConfiguration(ChunkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PocketSphinxOptions>().BindConfiguration(PocketSphinxOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<ITranscriber, PocketSphinxTranscriber>();
        services.AddSingleton<Transcribers>();
        return services;
    }
}
