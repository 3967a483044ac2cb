using AX2Caption.Grains.Transcription.OpenAi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Transcription;

public static class TranscriptionServiceCollectionExtensions
{
    /// <summary>Adds the speech engines. A silo that only asks which languages they serve loads none of them.</summary>
    public static IServiceCollection AddTranscription(this IServiceCollection services)
    {
        services.AddOptions<ChunkOptions>().BindConfiguration(ChunkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PocketSphinxOptions>().BindConfiguration(PocketSphinxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TranscriptionOptions>().BindConfiguration(TranscriptionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TranscriptionOptions>, TranscriptionOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SpeechEncoder>();
        services.AddSingleton<OpenAiTranscribers>();
        services.AddSingleton<PocketSphinxTranscriber>();
        services.AddSingleton(provider => new Transcribers(
            [.. provider.GetRequiredService<OpenAiTranscribers>().All, provider.GetRequiredService<PocketSphinxTranscriber>()],
            provider.GetRequiredService<IOptions<TranscriptionOptions>>().Value.Preference));
        return services;
    }
}
