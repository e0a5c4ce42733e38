using Microsoft.Extensions.Options;

namespace Portal.Web.Mail;

/// <summary>Whether letters leave at all, for pages that promise one.</summary>
public sealed record MailSetup(bool Works);

internal static class MailServices
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        services.AddSingleton<LetterWriter>();
        services.AddSingleton<MailFolder>();
        services.AddSingleton<SmtpServer>();
        services.AddSingleton(p => new MailSetup(HasHost(p) || HasMailbox(p)));
        services.AddSingleton<DeliverMail>(p => HasHost(p) ? p.GetRequiredService<SmtpServer>().SendAsync : p.GetRequiredService<MailFolder>().SaveAsync);
        return services;
    }

    /// <summary>Sends what waits; on instances that work.</summary>
    public static IServiceCollection AddMailSender(this IServiceCollection services) => services.AddHostedService<MailSender>();

    /// <summary>The mailbox of a development run. Elsewhere there is none.</summary>
    public static void MapMailbox(this WebApplication app)
    {
        if (!HasMailbox(app.Services))
            app.MapGet(Mailbox.Path, () => Results.NotFound()).AllowAnonymous().WithOrder(-1);
    }

    private static bool HasHost(IServiceProvider services) => services.GetRequiredService<IOptions<MailOptions>>().Value.Host.Length > 0;

    private static bool HasMailbox(IServiceProvider services) => services.GetRequiredService<IHostEnvironment>().IsDevelopment() && !HasHost(services);
}
