using Microsoft.AspNetCore.Components;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Tenants;

/// <summary>A page below <c>/t/{Slug}</c>. The tenant is known, and the person is a member of it, before the page begins.</summary>
public abstract class TenantPage : ComponentBase, IDisposable
{
    private readonly PageLife _stopping = new();

    /// <summary>From the address.</summary>
    [Parameter] public string Slug { get; set; } = "";

    /// <summary>The tenant of the page.</summary>
    [CascadingParameter] public TenantContext Tenant { get; set; } = default!;

    [CascadingParameter] private ShellTenant? Shell { get; set; }

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private CurrentTenant Current { get; set; } = default!;

    /// <summary>What the person may do, for showing and hiding; a use case checks again.</summary>
    protected MemberRole Role => Shell?.Role ?? MemberRole.Viewer;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The member who acts, read anew: call it for each operation and keep the answer no longer.</summary>
    /// <exception cref="NotAllowedException">No longer a member, or the tenant is suspended.</exception>
    protected async Task<Member> MemberAsync()
    {
        try
        {
            return await Current.MemberAsync(Slug, Stopping);
        }
        catch (NotAllowedException)
        {
            // The server decides what the address shows now; what stands on the page is no longer the person's to see.
            Navigation.NavigateTo(Navigation.Uri, forceLoad: true, replace: true);
            throw;
        }
    }

    /// <summary>The address of a page of this tenant: <c>Url("contacts")</c> is <c>/t/{Slug}/contacts</c>.</summary>
    protected string Url(string path) => path.Length == 0 ? $"/t/{Slug}" : $"/t/{Slug}/{path}";

    /// <summary>Reads what the page shows; runs once, before the first full render.</summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    protected sealed override Task OnInitializedAsync() => LoadAsync();

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _stopping.Dispose();
    }
}
