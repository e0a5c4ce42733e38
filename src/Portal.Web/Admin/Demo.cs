using Portal.Members;
using Portal.Tenants;

namespace Portal.Web.Admin;

/// <summary>
/// A tenant to look at, made again as often as asked: an operator, an owner, an account at the simulator, a list. Its
/// passwords and its key pair are in this file, so it is refused outside development.
/// </summary>
internal sealed class Demo(
    IHostEnvironment host, CreateUser createUser, CreateTenant createTenant, CheckPassword check, FindMembership find, DemoAccount account, DemoContacts contacts)
{
    private const string OperatorEmail = "operator@portal.test";
    private const string OperatorPassword = "operator-demo-5080";
    private const string OwnerEmail = "owner@lantern.test";
    private const string OwnerPassword = "lantern-demo-5080";
    private const string Slug = "lantern-tea";

    public async Task<Result<AdminAnswer>> RunAsync(string? simulator, CancellationToken ct)
    {
        if (!host.IsDevelopment())
            return new Problem("", "demo_not_here");
        await createUser.RunAsync(new(OperatorEmail, OperatorPassword, "Olive Operator", IsOperator: true), ct);
        await createUser.RunAsync(new(OwnerEmail, OwnerPassword, "Lin Yue"), ct);
        await createTenant.RunAsync(Operator.Console, new("Lantern Tea Co.", Slug, OwnerEmail, Trial: false), ct);

        // Whatever was there before: what counts is that the owner can sign in and finds the tenant.
        if (await check.RunAsync(OwnerEmail, OwnerPassword, "console", ct) is not { } owner || await find(Slug, owner.UserId, ct) is not { } membership)
            return new Problem("", "demo_taken");
        if (simulator is not null && await account.MakeAsync(membership.Member, new(simulator), ct) is { } refused)
            return refused;
        await contacts.MakeAsync(membership.Member, ct);
        return new AdminAnswer { Tenant = Slug, Operator = new(OperatorEmail, OperatorPassword), Owner = new(OwnerEmail, OwnerPassword) };
    }
}
