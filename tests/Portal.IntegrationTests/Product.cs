using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Audit;
using Portal.Contacts;
using Portal.Dispatch;
using Portal.Live;
using Portal.Members;
using Portal.Receipts;
using Portal.Tenants;

namespace Portal.IntegrationTests;

/// <summary>What the portal registers, capability by capability; hosted services are left to the tests that need them.</summary>
internal static class Product
{
    public static void Add(IServiceCollection services) =>
        services.AddVault().AddTenantSettings().AddAudit().AddMembers().AddLive().AddAccounts().AddContacts().AddDispatch().AddReceipts();
}
