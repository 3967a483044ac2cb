using AX2Caption.Storage.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Storage;

/// <summary>Registers the object store.</summary>
public static class StorageServices
{
    /// <summary>
    /// Adds <see cref="IObjectStore"/>, configured by <see cref="StorageOptions"/>. <see cref="IDirectUploads"/> can be had where the store
    /// is one that clients can write to themselves.
    /// </summary>
    public static IServiceCollection AddObjectStore(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>>(new StorageOptionsValidator(StorageOptions.Section));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => (IAbandonedWrites)provider.GetRequiredService<IObjectStore>());
        services.AddSingleton(provider => (provider.GetRequiredService<IObjectStore>() as S3ObjectStore)?.DirectUploads!);
        services.AddHostedService<AbandonedWriteSweeper>();
        return services;
    }

    /// <summary>Opens the store that a section of a configuration describes, beside the service's own. Whoever opens it disposes it, if it can be.</summary>
    /// <exception cref="OptionsValidationException">The section's settings are wrong; all of them are named.</exception>
    public static IObjectStore OpenObjectStore(IConfiguration configuration, string section, TimeProvider time)
    {
        var options = Read(configuration, section);
        var result = new StorageOptionsValidator(section).Validate(null, options);
        return result.Failed
            ? throw new OptionsValidationException(section, typeof(StorageOptions), result.Failures)
            : Open(options, time);
    }

    /// <summary>Whether two sections of a configuration describe one folder, or one part of one bucket.</summary>
    public static bool AreTheSamePlace(IConfiguration configuration, string section, string otherSection)
    {
        var (one, other) = (Place(Read(configuration, section)), Place(Read(configuration, otherSection)));
        return one == other;
    }

    /// <summary>Whether two sections of a configuration describe places of which one is a part of the other, or both are one.</summary>
    public static bool LieInOneAnother(IConfiguration configuration, string section, string otherSection)
    {
        var (one, other) = (Place(Read(configuration, section)), Place(Read(configuration, otherSection)));
        return (one.Kind, one.Where) == (other.Kind, other.Where)
            && (one.Within.StartsWith(other.Within, StringComparison.Ordinal) || other.Within.StartsWith(one.Within, StringComparison.Ordinal));
    }

    /// <summary>What is within a place begins with its name there.</summary>
    private static (string Kind, string Where, string Within) Place(StorageOptions options) => options.Kind == StorageOptions.S3Kind
        ? (options.Kind, $"{options.S3.Endpoint.TrimEnd('/')} {options.S3.Bucket}", options.S3.Prefix)
        : (options.Kind, "", Path.GetFullPath(options.Root + Path.DirectorySeparatorChar));

    private static StorageOptions Read(IConfiguration configuration, string section) =>
        configuration.GetSection(section).Get<StorageOptions>() ?? new StorageOptions();

    private static IObjectStore Open(StorageOptions options, TimeProvider time) => options.Kind == StorageOptions.S3Kind
        ? new S3ObjectStore(new S3Bucket(options.S3, time), options.S3, time)
        : new LocalObjectStore(options, time);
}
