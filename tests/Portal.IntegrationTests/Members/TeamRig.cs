using Microsoft.Extensions.DependencyInjection;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

/// <summary>A tenant with an owner, and more people as a test asks.</summary>
internal sealed class TeamRig(RunningPortal portal)
{
    public CreatedTenant Tenant { get; private set; } = null!;

    public Member Owner { get; private set; } = null!;

    public async Task<TeamRig> BeginAsync()
    {
        var slug = "t" + Guid.NewGuid().ToString("N")[..12];
        Tenant = await UseAsync<CreateTenant, CreatedTenant>(async c => (await c.RunAsync(
            Operator.Console, new("Company " + slug, slug, slug + "@example.test", OwnerPassword: RunningPortal.Password), CancellationToken.None)).Value);
        var owner = await portal.Database.AdminScalarAsync<Guid>($"select user_id from ident.memberships where tenant_id = '{Tenant.Id}'");
        Owner = new(Tenant.Id, owner, "Owner", MemberRole.Owner);
        return this;
    }

    /// <summary>A member with <see cref="RunningPortal.Password"/>.</summary>
    public async Task<(Member Member, string Email)> AddAsync(MemberRole role)
    {
        var (id, email) = await portal.NewUserAsync();
        await portal.Database.AdminAsync($"insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{Tenant.Id}', '{id}', '{role.ToString().ToLowerInvariant()}', now())");
        return (new(Tenant.Id, id, email, role), email);
    }

    public async Task<TResult> UseAsync<T, TResult>(Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public Task<Result<Guid>> InviteAsync(Member member, string email, MemberRole role = MemberRole.Sender) =>
        UseAsync<InviteMember, Result<Guid>>(i => i.RunAsync(member, new(email, role, "en"), CancellationToken.None));

    public Task<Result<Guid>> ChangeAsync(Member by, Guid whom, MemberRole role) =>
        UseAsync<ChangeRole, Result<Guid>>(c => c.RunAsync(by, whom, role, CancellationToken.None));

    public Task<Result<Guid>> RemoveAsync(Member by, Guid whom) => UseAsync<RemoveMember, Result<Guid>>(r => r.RunAsync(by, whom, CancellationToken.None));

    public Task<string?> RoleAsync(Guid user) => ScalarAsync($"select role from ident.memberships where tenant_id = '{Tenant.Id}' and user_id = '{user}'");

    public Task<string?> AuditAsync(string action) =>
        ScalarAsync($"select string_agg(array_to_string(details, '|'), ';' order by at) from app.audit_entries where tenant_id = '{Tenant.Id}' and action = '{action}'");

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, admin);
        return await command.ExecuteScalarAsync() as string;
    }
}
