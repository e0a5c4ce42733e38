using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Hosting;
using Portal.Web.Operators;
using Portal.Web.Shell;

namespace Portal.Web.Admin;

/// <summary><c>admin …</c>: what somebody with a shell on the server can do. Answers on standard output, says why not on standard error.</summary>
internal static class AdminProgram
{
    private const int Refused = 1;
    private const int Misused = 2;

    private const string Usage = """
        admin operator create --email E --password P
        admin tenant create NAME --owner EMAIL [--password P] [--slug S] [--zone Z] [--country CC] [--trial] [--password-alone]
        admin tenant delete --tenant S --name NAME   (begins the countdown after which it goes, with everything; NAME as on its pages)
        admin tenant keep --tenant S        (calls that off)
        admin dispatch status               (whether sending is held after a restore of the database, and why)
        admin dispatch release [--resume-planned]
        admin vault status [--check]        (which root keys are needed, what is opened more than usual; --check opens every key)
        admin vault rewrap                  (wraps every key anew under the active root key; go on with it after a crash)
        admin vault rotate --tenant S       (gives a tenant a new data key and seals its key pairs anew)
        admin vault destroy --tenant S --name NAME   (a suspended tenant's keys, at once: nothing of it opens again, no way back)
        admin audit verify [--tenant SLUG]  (whether every audit hangs together; exit code 1 when one does not)
        admin person reset --email E        (takes authenticator app, recovery codes and passkeys away, for somebody who lost them)
        admin person sign-out --email E     (ends every session of a person, in every browser)
        admin person code --email E         (development only: the code that their authenticator app shows now)
        admin demo [--simulator URL]        (development only)
        Any of them with --json.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (AdminCommand.Read(args) is not { } command)
            return await SayAsync(Usage, Misused);
        var builder = Builder();
        await using var services = builder.Services.BuildServiceProvider();
        services.CheckSettings();
        await using var scope = services.CreateAsyncScope();
        var answer = await RunAsync(command, scope.ServiceProvider);
        await services.GetRequiredService<KeepOpenings>().RunAsync(CancellationToken.None);
        if (answer.Ok)
        {
            await Console.Out.WriteLineAsync(command.Json ? answer.Value.ToJson() : answer.Value.ToLines());
            return answer.Value.Failed ? Refused : 0;
        }
        var texts = scope.ServiceProvider.GetRequiredService<IStringLocalizer<OperatorsText>>();
        return await SayAsync(string.Join('\n', answer.Problems.Select(p => Sentence(texts, p))), Refused);
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder();
        // Standard output is the answer's.
        builder.Logging.ClearProviders().AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddProduct().AddTexts().AddScoped<Demo>().AddScoped<DemoAccount>().AddScoped<DemoContacts>().AddScoped<DispatchVerbs>().AddScoped<VaultVerbs>().AddScoped<PersonVerbs>().AddScoped<TenantVerbs>().AddScoped<AuditVerbs>();
        return builder;
    }

    private static async Task<Result<AdminAnswer>> RunAsync(AdminCommand command, IServiceProvider services) => command switch
    {
        { Verb: AdminVerb.CreateOperator } => await CreateOperatorAsync(command, services.GetRequiredService<CreateUser>()),
        { Verb: AdminVerb.CreateTenant } => await CreateTenantAsync(command, services.GetRequiredService<CreateTenant>()),
        { Verb: AdminVerb.DeleteTenant } => await services.GetRequiredService<TenantVerbs>().DeleteAsync(command.Option("tenant") ?? "", command.Option("name") ?? "", CancellationToken.None),
        { Verb: AdminVerb.KeepTenant } => await services.GetRequiredService<TenantVerbs>().KeepAsync(command.Option("tenant") ?? "", CancellationToken.None),
        { Verb: AdminVerb.VaultDestroy } => await services.GetRequiredService<TenantVerbs>().DestroyAsync(command.Option("tenant") ?? "", command.Option("name") ?? "", CancellationToken.None),
        { Verb: AdminVerb.PersonSignOut } => await services.GetRequiredService<PersonVerbs>().SignOutAsync(command.Option("email") ?? "", CancellationToken.None),
        { Verb: AdminVerb.DispatchStatus } => await services.GetRequiredService<DispatchVerbs>().StatusAsync(CancellationToken.None),
        { Verb: AdminVerb.DispatchRelease } => await services.GetRequiredService<DispatchVerbs>().ReleaseAsync(command.Has("resume-planned"), CancellationToken.None),
        { Verb: AdminVerb.VaultStatus } => await services.GetRequiredService<VaultVerbs>().StatusAsync(command.Has("check"), CancellationToken.None),
        { Verb: AdminVerb.VaultRewrap } => await services.GetRequiredService<VaultVerbs>().RewrapAsync(CancellationToken.None),
        { Verb: AdminVerb.VaultRotate } => await services.GetRequiredService<VaultVerbs>().RotateAsync(command.Option("tenant") ?? "", CancellationToken.None),
        { Verb: AdminVerb.PersonCode } => await services.GetRequiredService<PersonVerbs>().CodeAsync(command.Option("email") ?? "", CancellationToken.None),
        { Verb: AdminVerb.AuditVerify } => await services.GetRequiredService<AuditVerbs>().VerifyAsync(command.Option("tenant"), CancellationToken.None),
        { Verb: AdminVerb.PersonReset } => await services.GetRequiredService<PersonVerbs>().ResetAsync(command.Option("email") ?? "", CancellationToken.None),
        _ => await services.GetRequiredService<Demo>().RunAsync(command.Option("simulator"), CancellationToken.None),
    };

    private static async Task<Result<AdminAnswer>> CreateOperatorAsync(AdminCommand command, CreateUser create)
    {
        var (email, password) = (command.Option("email") ?? "", command.Option("password") ?? "");
        var result = await create.RunAsync(new(email, password, IsOperator: true), CancellationToken.None);
        return result.Ok ? new AdminAnswer { Operator = new(email, null) } : result.Problems.ToList();
    }

    private static async Task<Result<AdminAnswer>> CreateTenantAsync(AdminCommand command, CreateTenant create)
    {
        var input = new CreateTenantInput(command.Name, command.Option("slug") ?? "", command.Option("owner") ?? "", OwnerPassword: command.Option("password"), Trial: command.Has("trial"), DemandsFactor: !command.Has("password-alone"));
        input = input with { TimeZone = command.Option("zone") ?? input.TimeZone, Country = command.Option("country") ?? input.Country };
        var result = await create.RunAsync(Operator.Console, input, CancellationToken.None);
        if (!result.Ok)
            return result.Problems.ToList();
        var tenant = result.Value;
        return new AdminAnswer { Tenant = tenant.Slug, Owner = new(tenant.OwnerEmail, tenant.GeneratedPassword) };
    }

    private static string Sentence(IStringLocalizer<OperatorsText> texts, Problem problem)
    {
        var sentence = texts["Problem_" + problem.Code, problem.Values];
        return sentence.ResourceNotFound ? $"{problem.Field}: {problem.Code}" : problem.Field.Length > 0 ? $"{problem.Field}: {sentence}" : sentence;
    }

    private static async Task<int> SayAsync(string text, int code)
    {
        await Console.Error.WriteLineAsync(text);
        return code;
    }
}
