using System.Globalization;
using Portal.Members;

namespace Portal.Web.Admin;

/// <param name="At">When it begins; null: it was called off, or only the keys went.</param>
internal sealed record AdminDeletion(DateTimeOffset? At, bool KeysDeleted)
{
    public string ToLine() => At is { } at ? string.Create(CultureInfo.InvariantCulture, $"deletion begins {at.UtcDateTime:u}")
        : KeysDeleted ? "keys deleted: nothing of it opens again" : "deletion called off";
}

/// <summary><c>admin tenant delete</c> and <c>keep</c>, <c>admin vault destroy</c>: a tenant's end.</summary>
internal sealed class TenantVerbs(TenantList tenants, DeleteTenant delete, DeleteTenantKeys keys)
{
    public Task<Result<AdminAnswer>> DeleteAsync(string slug, string name, CancellationToken ct) =>
        OnAsync(slug, async id => await delete.AskAsync(Operator.Console, id, name, ct), at => new(at, KeysDeleted: false), ct);

    public Task<Result<AdminAnswer>> KeepAsync(string slug, CancellationToken ct) =>
        OnAsync(slug, async id => await delete.CallOffAsync(Operator.Console, id, ct), _ => new(null, KeysDeleted: false), ct);

    public Task<Result<AdminAnswer>> DestroyAsync(string slug, string name, CancellationToken ct) =>
        OnAsync(slug, async id => await keys.RunAsync(Operator.Console, id, name, ct), _ => new(null, KeysDeleted: true), ct);

    private async Task<Result<AdminAnswer>> OnAsync<T>(string slug, Func<Guid, Task<Result<T>>> work, Func<T, AdminDeletion> told, CancellationToken ct)
    {
        if ((await tenants.RunAsync(Operator.Console, ct)).FirstOrDefault(t => t.Slug == slug) is not { } tenant)
            return new Problem("tenant", "tenant_unknown");
        var result = await work(tenant.Id);
        return result.Ok ? new AdminAnswer { Tenant = slug, Deletion = told(result.Value) } : result.Problems.ToList();
    }
}
