using System.Text.Json.Serialization;

namespace Portal.Simulator.Accounts;

internal enum AccountKind
{
    [JsonStringEnumMemberName("marketing")] Marketing,
    [JsonStringEnumMemberName("verification")] Verification,
    [JsonStringEnumMemberName("both")] Both,
}

/// <summary>An account as it is put. What is left out has the default; a put replaces all of it.</summary>
internal sealed record AccountOptions
{
    public string Apikey { get; set; } = "";

    public string Secret { get; set; } = "";

    public AccountKind Kind { get; set; } = AccountKind.Both;

    /// <summary>Requests in any sliding second (provider document section 5.4: 100).</summary>
    public int Rate { get; set; } = 100;

    /// <summary>Requests open at once (provider document section 5.3: 100).</summary>
    public int Concurrency { get; set; } = 100;

    /// <summary>Empty: every address may call. Else the list of provider document section 5.4.</summary>
    public string Whitelist { get; set; } = "";

    /// <summary>How many numbers can still be sent to; null = no end.</summary>
    public long? Balance { get; set; }

    /// <summary>When the balance ends in the middle of a request: take what it covers, and answer 202 with data.</summary>
    public bool PartialBalance { get; set; }

    /// <summary>Numbers that look right and are not: a request with one of them is refused, 104 alone and 111 among others.</summary>
    public long[] BadNumbers { get; set; } = [];

    public bool Channel { get; set; } = true;

    public bool Active { get; set; } = true;

    public bool HasSecret { get; set; } = true;

    /// <summary>Where receipts go; null = <c>Receipts:PushUrl</c>; no address at all = no receipts.</summary>
    public Uri? PushUrl { get; set; }

    public DeliveryOptions Delivery { get; set; } = new();

    public string? Mistake() => this switch
    {
        { Apikey: "" } => "apikey is missing.",
        { HasSecret: true, Secret: "" } => "secret is missing; an account without one has hasSecret false.",
        { Rate: < 0 } or { Concurrency: < 0 } or { Balance: < 0 } => "rate, concurrency and balance are counted from 0.",
        { PushUrl: { } url } when !IsHttp(url) => "pushUrl is an absolute http or https address.",
        _ => Delivery.Mistake(),
    };

    private static bool IsHttp(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}

/// <summary>How the messages of an account end, and when its receipts come.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>From the acceptance to the first push.</summary>
    public int DelayMs { get; set; } = 500;

    /// <summary>On top of the delay: 0 up to this, by the number.</summary>
    public int SpreadMs { get; set; } = 1000;

    /// <summary>Share of DELIVRD, 0 to 1.</summary>
    public double Delivered { get; set; } = 0.96;

    /// <summary>The words for the others, chosen by the number. UNDELIV, EXPIRED, REJECTD and MK:0001 when left out.</summary>
    public string[]? FailedStatuses { get; set; }

    /// <summary>The last four digits come as <c>****</c>, as in the document's example.</summary>
    public bool Masked { get; set; }

    public string? Mistake() => this switch
    {
        { DelayMs: < 0 } or { SpreadMs: < 0 } => "delivery.delayMs and delivery.spreadMs are milliseconds from 0.",
        { Delivered: not (>= 0 and <= 1) } => "delivery.delivered is a share from 0 to 1.",
        { FailedStatuses: [] } => "delivery.failedStatuses must have a word.",
        _ => null,
    };
}
