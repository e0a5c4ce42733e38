using Portal.Accounts;
using Portal.Members;
using Portal.Tenants;

namespace Portal.Web.Admin;

/// <summary><c>admin vault status</c>, <c>rewrap</c> and <c>rotate</c>.</summary>
internal sealed class VaultVerbs(VaultStatus status, RewrapKeys rewrap, RotateTenantKey rotate, TenantList tenants)
{
    public async Task<Result<AdminAnswer>> StatusAsync(bool check, CancellationToken ct) =>
        new AdminAnswer { Vault = new(State: await status.RunAsync(check, ct)) };

    public async Task<Result<AdminAnswer>> RewrapAsync(CancellationToken ct) =>
        new AdminAnswer { Vault = new(Rewrap: await rewrap.RunAsync(ct)) };

    public async Task<Result<AdminAnswer>> RotateAsync(string slug, CancellationToken ct)
    {
        if ((await tenants.RunAsync(Operator.Console, ct)).FirstOrDefault(t => t.Slug == slug) is not { } tenant)
            return new Problem("tenant", "tenant_unknown");
        return new AdminAnswer { Tenant = slug, Vault = new(Rotation: await rotate.RunAsync(tenant.Id, ct)) };
    }
}
