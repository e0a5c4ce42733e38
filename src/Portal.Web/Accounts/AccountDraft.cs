using Portal.Accounts;
using Portal.Dispatch;

namespace Portal.Web.Accounts;

/// <summary>A new account as it stands in the form. It lives in the circuit only, and the keys go with it.</summary>
public sealed class AccountDraft
{
    public SettingsDraft Settings { get; } = new(new AccountSettings(""));

    public string BaseAddress { get; set; } = "";

    public AccountKind Kind { get; set; } = AccountKind.Marketing;

    public string ApiKey { get; set; } = "";

    public string Secret { get; set; } = "";

    /// <summary>The pair is proven by a real message instead of a call that sends nothing.</summary>
    public bool ByMessage { get; set; }

    public string Number { get; set; } = "";

    public string Text { get; set; } = "";

    public AddAccountInput Read() => new(Settings.Read(), BaseAddress, Kind, new TypedKeyPair(ApiKey, Secret));

    public AddAccountByMessageInput ReadByMessage() => new(Read(), Number, Text);
}
