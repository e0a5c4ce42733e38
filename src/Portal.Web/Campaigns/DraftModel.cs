using System.Globalization;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Templates;

namespace Portal.Web.Campaigns;

/// <summary>What is typed in the wizard. Times are texts, as the browser gives them, until they are read.</summary>
public sealed class DraftModel
{
    // What browsers write into <input type="datetime-local">; seconds only when somebody insists.
    private static readonly string[] _formats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    public required Guid Id { get; init; }

    public uint Version { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Ids of the chosen lists.</summary>
    public HashSet<Guid> Lists { get; init; } = [];

    public Guid? AccountId { get; set; }

    public string Text { get; set; } = "";

    /// <summary>At a planned time instead of right away.</summary>
    public bool Later { get; set; }

    public string PlannedAt { get; set; } = "";

    public string NotAfter { get; set; } = "";

    /// <summary>Again and again, by <see cref="Repeat"/>, instead of once.</summary>
    public bool Repeats { get; set; }

    public RepeatModel Repeat { get; init; } = new();

    /// <summary>IANA zone of both times.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>People who lack a field get nothing: asked for at the end, and not kept.</summary>
    public bool AcceptSkips { get; set; }

    internal static DraftModel Of(DraftView draft) => new()
    {
        Id = draft.Id,
        Version = draft.Version,
        Name = draft.Name,
        Lists = [.. draft.ListIds],
        AccountId = draft.AccountId,
        Text = draft.Text,
        Later = draft.PlannedAt is not null,
        Repeats = draft.Repeat is not null,
        Repeat = RepeatModel.Of(draft.Repeat),
        PlannedAt = Write(draft.PlannedAt),
        NotAfter = Write(draft.NotAfter),
        TimeZone = draft.TimeZone,
    };

    internal SaveDraftInput Input() => new(
        Id, Version, Name, [.. Lists.Order()], AccountId, Text, Later ? Read(PlannedAt) : null, Later ? Read(NotAfter) : null, TimeZone,
        Repeats ? Repeat.Input() : null);

    /// <summary>When it goes out; null for right away, and for a time that is missing or does not exist.</summary>
    internal PlannedTime? Planned(DateTimeOffset now) =>
        Later && Read(PlannedAt) is { } wall && PlannedTime.Read(wall, TimeZone, now) is { Ok: true } read ? read.Value : null;

    /// <summary>What is wrong on one step, each at its field. The last step asks the server.</summary>
    internal IReadOnlyList<Problem> Check(WizardStep step, IReadOnlyList<AccountLine> accounts, DateTimeOffset now) => step switch
    {
        WizardStep.Audience => [.. Audience(accounts)],
        WizardStep.Text => string.IsNullOrWhiteSpace(Text) ? [new("Text", "text_empty")] : TemplateText.Parse(Text).Problems,
        WizardStep.Time when Repeats => RepeatPlan.Read(Repeat.Input(), TimeZone, now).Problems,
        WizardStep.Time => [.. Times(now)],
        _ => [],
    };

    private IEnumerable<Problem> Audience(IReadOnlyList<AccountLine> accounts)
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return new("Name", "name_empty");
        if (Lists.Count == 0)
            yield return new("ListIds", "lists_missing");
        var account = accounts.FirstOrDefault(a => a.Id == AccountId);
        if (account is null)
            yield return new("AccountId", "account_missing");
        else if (account.Kind == AccountKind.Verification)
            yield return new("AccountId", "account_kind", account.Label);
        else if (account.State != AccountState.Active)
            yield return new("AccountId", account.State == AccountState.Stopped ? "account_stopped" : "account_disabled", account.Label);
    }

    private IEnumerable<Problem> Times(DateTimeOffset now)
    {
        if (!Later)
            yield break;
        if (Read(PlannedAt) is not { } wall)
        {
            yield return new("PlannedAt", "time_missing");
            yield break;
        }
        foreach (var problem in PlannedTime.Read(wall, TimeZone, now).Problems)
            yield return problem;
        if (Read(NotAfter) is { } last && last <= wall)
            yield return new("NotAfter", "not_after_early");
    }

    private static DateTime? Read(string text) =>
        DateTime.TryParseExact(text, _formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) ? wall : null;

    private static string Write(DateTime? wall) => wall?.ToString(_formats[0], CultureInfo.InvariantCulture) ?? "";
}
