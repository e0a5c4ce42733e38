using Microsoft.Extensions.Options;
using MudBlazor.Services;
using Portal.Accounts;
using Portal.Audit;
using Portal.Campaigns;
using Portal.Contacts;
using Portal.Dispatch;
using Portal.Live;
using Portal.Members;
using Portal.Receipts;
using Portal.Tenants;
using Portal.Web.Admin;
using Portal.Web.Audit;
using Portal.Web.Campaigns;
using Portal.Web.Contacts;
using Portal.Web.Hosting;
using Portal.Web.Jobs;
using Portal.Web.Mail;
using Portal.Web.Metrics;
using Portal.Web.Operators;
using Portal.Web.Receipts;
using Portal.Web.Shell;
using Portal.Web.SignIn;
using Portal.Web.Tenants;

namespace Portal.Web;

/// <summary>The host: what the portal is made of, and the order in which a request meets it.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            if (args is ["admin", .. var verb])
                return await AdminProgram.RunAsync(verb);
            await using var app = Create(args);
            await RunAsync(app);
            return 0;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task RunAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop while it started: an end like any other.
        }
    }

    /// <summary>The whole portal, not yet started.</summary>
    /// <exception cref="SettingsException">The settings have mistakes.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(Program).Assembly.GetName().Name });
        // Started from its build folder the portal finds its files as well.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        var portal = builder.Configuration.GetSection(PortalOptions.Section).Get<PortalOptions>() ?? new();

        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietLogs>();
        builder.Services.AddProduct();
        builder.Services.AddWork(portal);
        builder.Services.AddSignIn(builder.Configuration.GetSection(OpenIdOptions.Section).Get<OpenIdOptions>() ?? new());
        builder.Services.AddMail();
        builder.Services.AddJobs(portal);
        builder.Services.AddCampaignWakeUps();
        builder.Services.AddPages();
        builder.Services.AddMetricsPage();

        var app = builder.Build();
        app.Services.CheckSettings();
        app.UseProxyHeaders(portal);
        if (portal.Has(PortalRole.Receipts))
            app.UseReceipts(portal.IsHttps);
        app.UseSecurityHeaders(portal.IsHttps);
        app.UseLanguages(portal);
        app.UseStatusPages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseCircuitDoor();
        app.UseTenantGate();
        app.UseAntiforgery();

        app.MapWithoutSignIn();
        if (portal.Has(PortalRole.Web))
            app.MapPages();
        return app;
    }

    /// <summary>The product, capability by capability; the admin verbs need no more.</summary>
    internal static IServiceCollection AddProduct(this IServiceCollection services) => services
        .AddSettings()
        .AddDatabase()
        .AddVault()
        .AddTenantSettings()
        .AddAudit()
        .AddMembers()
        .AddLive()
        .AddAccounts()
        .AddContacts()
        .AddDispatch()
        .AddReceipts()
        .AddCampaigns();

    /// <summary>What runs by itself, by the roles of this instance.</summary>
    private static void AddWork(this IServiceCollection services, PortalOptions portal)
    {
        // Open requests get their time-out to end when the process is asked to stop: no doubt comes from a deployment.
        services.AddOptions<HostOptions>().Configure<IOptions<ProviderOptions>>((o, p) => o.ShutdownTimeout = p.Value.RequestTimeout + TimeSpan.FromSeconds(30));
        services.AddLiveRelay().AddVaultKeeper();
        services.AddInstanceBeat(new(Environment.MachineName, string.Join(", ", portal.RoleNames), AppVersion.Text));
        if (portal.Has(PortalRole.Receipts))
            services.AddReceiptInbox();
        if (portal.Has(PortalRole.Worker))
            services.AddReceiptApplier().AddDispatchHost().AddCampaignSweep().AddMailSender().AddTenantEraser();
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddTexts();
        services.AddMudServices();
        services.AddCircuits();
        services.AddSingleton<Health>();
        services.AddTenantPages();
        services.AddCampaignPages();
        services.AddOperatorPages();
        services.AddAuditPages();
    }

    /// <summary>Answered where routing finds them, before cookies are looked at: load balancers have none.</summary>
    private static void MapWithoutSignIn(this WebApplication app)
    {
        var early = app.MapGroup("");
        early.ShortCircuit();
        early.MapHealth();
        early.MapMetrics();
    }

    private static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapLanguages();
        app.MapSignIn();
        app.MapOpenId();
        app.MapContacts();
        app.MapAudit();
        app.MapOperators();
        app.MapJobs();
        app.MapMailbox();
        app.MapRazorComponents<App>()
            // Our own header says it, for every answer.
            .AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
    }
}
