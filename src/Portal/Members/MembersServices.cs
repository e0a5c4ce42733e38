using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;

namespace Portal.Members;

/// <summary>Users, memberships, operators.</summary>
public static class MembersServices
{
    /// <summary>OWASP's figure for PBKDF2 with SHA-512 is 210,000.</summary>
    private const int PasswordIterations = 220_000;

    public static IServiceCollection AddMembers(this IServiceCollection services)
    {
        services.AddDbContextFactory<IdentityDb>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<Databases>()[DatabaseRole.Identity])
            .UseSnakeCaseNamingConvention()
            // What fails is thrown: an address that is taken is an answer to a person, not an error in the log.
            .ConfigureWarnings(w => w.Ignore(CoreEventId.SaveChangesFailed, RelationalEventId.CommandError)));
        services.AddIdentityCore<User>(Configure).AddEntityFrameworkStores<IdentityDb>();
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordIterations);

        services.AddOptions<FactorOptions>().BindConfiguration(FactorOptions.Section);
        services.AddSingleton<MembershipBySlug>();
        services.AddSingleton<FindMembership>(p => p.GetRequiredService<MembershipBySlug>().RunAsync);
        services.AddSingleton<ActFor>();
        services.AddSingleton<ActingBySession>();
        services.AddSingleton<FindActing>(p => p.GetRequiredService<ActingBySession>().RunAsync);
        services.AddSingleton<OperatorById>();
        services.AddSingleton<FindOperator>(p => p.GetRequiredService<OperatorById>().RunAsync);
        services.AddSingleton<MembershipsOf>();
        services.AddSingleton<TenantList>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<Tries>();
        services.AddSingleton<PasswordTries>();
        services.AddScoped<CheckPassword>();
        services.AddScoped<CreateUser>();
        services.AddScoped<CreateTenant>();
        services.AddSingleton<SuspendTenant>();
        services.AddSingleton<ResumeTenant>();
        services.AddSingleton<LiftTrial>();
        services.AddSingleton<DeleteTenantKeys>();
        services.AddSingleton<ChangeProviderHosts>();
        services.AddSingleton<TenantReach>();
        services.AddSingleton<BoundCountries>();
        services.AddSingleton<DeleteTenant>();
        services.AddSingleton<EraseTenants>();
        services.AddSingleton<ExportTenant>();
        services.AddSingleton<ExportRuns>();
        services.AddSingleton<UsageList>();
        services.AddSingleton<SystemStatus>();
        services.AddSingleton<OperatorAudit>();
        services.AddSingleton<VerifyAudit>();
        return services.AddTeam().AddPasswords().AddFactors();
    }

    /// <summary>Deletes the tenants whose countdown is over: on instances that work.</summary>
    public static IServiceCollection AddTenantEraser(this IServiceCollection services) =>
        services.AddHostedService(p => p.GetRequiredService<EraseTenants>());

    private static IServiceCollection AddTeam(this IServiceCollection services) => services
        .AddSingleton<Team>()
        .AddSingleton<ChangeRole>()
        .AddSingleton<RemoveMember>()
        .AddSingleton<DemandSecondFactor>()
        .AddScoped<InviteMember>()
        .AddSingleton<ResendInvitation>()
        .AddSingleton<WithdrawInvitation>()
        .AddSingleton<OpenInvitations>()
        .AddScoped<AcceptInvitation>()
        .AddScoped<JoinByOpenId>();

    private static IServiceCollection AddPasswords(this IServiceCollection services) => services
        .AddScoped<Letters>()
        .AddScoped<AskForReset>()
        .AddScoped<ResetPassword>()
        .AddScoped<ChangePassword>();

    private static IServiceCollection AddFactors(this IServiceCollection services) => services
        .AddSingleton<FactorSeeds>()
        .AddSingleton<SecondFactorTries>()
        .AddSingleton<BeginSecondFactor>()
        .AddSingleton<ConfirmSecondFactor>()
        .AddSingleton<CheckSecondFactor>()
        .AddSingleton<FactorCode>()
        .AddSingleton<ChangeFactors>()
        .AddScoped<Passkeys>()
        .AddScoped<OpenIdLogins>()
        .AddSingleton<FindPerson>()
        .AddScoped<ConfirmPerson>()
        .AddSingleton<SessionList>()
        .AddSingleton<EndSessions>()
        .AddSingleton<AskAlive>(p => p.GetRequiredService<Sessions>().IsAliveAsync)
        .AddSingleton<AskStrong>(p => p.GetRequiredService<Sessions>().IsStrongAsync)
        .AddSingleton<AskConfirmed>(p => p.GetRequiredService<Sessions>().IsConfirmedAsync);

    private static void Configure(IdentityOptions options)
    {
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        options.User.RequireUniqueEmail = true;
        options.Lockout.MaxFailedAccessAttempts = PasswordRules.MaxAttempts;
        options.Lockout.DefaultLockoutTimeSpan = PasswordRules.LockedFor;
        // Length is what counts (NIST SP 800-63B): rules of composition make people write passwords down.
        options.Password.RequiredLength = PasswordRules.MinLength;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredUniqueChars = 1;
    }
}
