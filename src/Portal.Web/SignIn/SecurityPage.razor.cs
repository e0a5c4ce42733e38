using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Hosting;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>How a person signs in, and where they are: app, passkeys, password, open sessions. Asks first that it is they.</summary>
public partial class SecurityPage
{
    private bool _confirmed;
    private bool _strong;
    private bool _app;
    private int _codesLeft;
    private IReadOnlyList<PasskeyRow> _passkeys = [];
    private IReadOnlyList<SessionRow> _sessions = [];
    private IReadOnlyList<OpenIdRow> _links = [];
    private IReadOnlyList<string> _codes = [];
    private IReadOnlyList<Problem> _problems = [];
    private string? _told;

    [Inject] private AskConfirmed Confirmed { get; set; } = default!;

    [Inject] private AskStrong Strong { get; set; } = default!;

    [Inject] private ChangeFactors Factors { get; set; } = default!;

    [Inject] private CheckSecondFactor Check { get; set; } = default!;

    [Inject] private Passkeys Keys { get; set; } = default!;

    [Inject] private PasskeyCeremony Ceremony { get; set; } = default!;

    [Inject] private OpenIdLogins Logins { get; set; } = default!;

    [Inject] private IOptions<OpenIdOptions> OpenId { get; set; } = default!;

    [Inject] private SessionList List { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "passkey-add")] private PasskeyForm Form { get; set; } = default!;

    /// <summary><c>operator</c>: the operator's pages sent here; <c>tenant</c>: a tenant's, which demands a second factor.</summary>
    [SupplyParameterFromQuery(Name = "why")] private string? Why { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")] private string? ReturnUrl { get; set; }

    private Guid User => Context.User.UserId()!.Value;

    private byte[] Session => SessionId.Of(Context.User)!;

    private bool IsSentHere => Why is "operator" or "tenant";

    private string Back => Why == "operator" ? "/operator/tenants" : LocalPath.Of(ReturnUrl);

    private string AppHref => "/account/second-factor" + (IsSentHere ? "?returnUrl=" + Uri.EscapeDataString(Back) : "");

    /// <summary>Where a page of a tenant leads whoever lacks a second factor.</summary>
    public static string WhyOfTenant(string path) => "/account/security?why=tenant&returnUrl=" + Uri.EscapeDataString(path);

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        _confirmed = await Confirmed(Session, ConfirmPerson.Lasts, Context.RequestAborted);
        if (_confirmed)
            await LoadAsync();
        else
            Navigation.NavigateTo("/account/confirm?returnUrl=" + Uri.EscapeDataString(new Uri(Navigation.Uri).PathAndQuery));
    }

    private async Task LoadAsync()
    {
        var ct = Context.RequestAborted;
        _strong = await Strong(Session, ct);
        _app = await Check.IsAskedAsync(User, ct);
        _codesLeft = await Check.CodesLeftAsync(User, ct);
        _passkeys = await Keys.OfAsync(User, ct);
        _links = await Logins.OfAsync(User, ct);
        _sessions = await List.OfAsync(User, Session, ct);
    }

    private Task RenewAsync() => DoAsync(async () => _codes = await Factors.RenewCodesAsync(User, Context.OriginOf(), Context.RequestAborted), "App.CodesNew");

    private Task TurnOffAsync() => DoAsync(() => Factors.TurnOffAsync(User, Context.OriginOf(), Context.RequestAborted), "App.IsOff");

    private Task RemoveAsync(PasskeyRow passkey) => DoAsync(() => Keys.RemoveAsync(User, passkey.Id, Context.OriginOf(), Context.RequestAborted), "Passkeys.Removed");

    private Task UnlinkAsync(OpenIdRow link) => DoAsync(() => Logins.UnlinkAsync(User, link.Key, Context.OriginOf(), Context.RequestAborted), "OpenId.Unlinked");

    private Task EndAsync(SessionRow session) => DoAsync(() => List.EndAsync(User, session.Id, Context.RequestAborted), "Sessions.Ended");

    private Task EndOthersAsync() => DoAsync(() => List.EndOthersAsync(User, Session, Context.RequestAborted), "Sessions.Ended");

    private async Task AddAsync()
    {
        if (!_confirmed)
            return;
        if (await Ceremony.FinishCreationAsync(Context, User, Form.Credential) is not { } passkey)
        {
            _problems = [new("", "passkey_refused")];
            return;
        }
        var result = await Keys.AddAsync(User, Session, passkey, Form.Name ?? "", Context.OriginOf(), Context.RequestAborted);
        _problems = result.Problems;
        if (!result.Ok)
            return;
        if (IsSentHere)
            Navigation.NavigateTo(Back);
        await LoadAsync();
        _told = L["Passkeys.Added"];
    }

    // A form that was posted after the five minutes changes nothing.
    private async Task DoAsync(Func<Task> change, string told)
    {
        if (!_confirmed)
            return;
        await change();
        await LoadAsync();
        _told = L[told];
    }

    private sealed class PasskeyForm
    {
        public string Credential { get; set; } = "";

        public string? Name { get; set; }
    }
}
