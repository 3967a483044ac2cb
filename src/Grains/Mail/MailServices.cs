using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Mail;

internal static class MailServices
{
    /// <summary>What grains need to queue mails.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<ISweep, MailSweep>();
        return services;
    }

    /// <summary>What a silo needs that sends them.</summary>
    public static IServiceCollection AddMailSender(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().ValidateOnStart();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Folder is null
            ? ActivatorUtilities.CreateInstance<SmtpTransport>(provider)
            : ActivatorUtilities.CreateInstance<FolderTransport>(provider));
        services.AddHostedService<MailSender>();
        return services;
    }
}
