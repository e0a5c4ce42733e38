using System.Globalization;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Dispatch;
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

    public PaceChoice Pace { get; set; }

    public string SpreadHours { get; set; } = "3";

    public string SpreadMinutes { get; set; } = "0";

    public string FinishBy { get; set; } = "";

    /// <summary>The first people go alone.</summary>
    public bool Canary { get; set; }

    public string CanaryPeople { get; set; } = "100";

    public string CanaryPercent { get; set; } = "80";

    public string CanaryMinutes { get; set; } = "15";

    /// <summary>Again and again, by <see cref="Repeat"/>, instead of once.</summary>
    public bool Repeats { get; set; }

    public RepeatModel Repeat { get; init; } = new();

    /// <summary>IANA zone of the times.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>People who lack a field get nothing: asked for at the end, and not kept.</summary>
    public bool AcceptSkips { get; set; }

    internal static DraftModel Of(DraftView draft)
    {
        var model = Plain(draft);
        if (draft.Pace.SpreadMinutes is { } spread)
            (model.Pace, model.SpreadHours, model.SpreadMinutes) = (PaceChoice.Spread, Write(spread / 60), Write(spread % 60));
        if (draft.Pace.FinishBy is { } end)
            (model.Pace, model.FinishBy) = (PaceChoice.FinishBy, Write(end));
        if (draft.Pace.Canary is { } canary)
            (model.Canary, model.CanaryPeople, model.CanaryPercent, model.CanaryMinutes) = (true, Write(canary.Messages), Write(canary.Percent), Write(canary.Minutes));
        return model;
    }

    private static DraftModel Plain(DraftView draft) => new()
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
        Repeats ? Repeat.Input() : null)
    {
        Pace = Repeats ? CampaignPace.Full : Chosen,
    };

    // What is not a number yet is kept as one that is refused, so that nothing typed is silently something else.
    private CampaignPace Chosen => new(
        Pace == PaceChoice.Spread ? (Number(SpreadHours) * 60) + Number(SpreadMinutes) : null,
        Pace == PaceChoice.FinishBy ? Read(FinishBy) : null,
        Canary ? new SendingCanary(Number(CanaryPeople), Number(CanaryPercent), Number(CanaryMinutes)) : null);

    /// <summary>A share of so many people, as "1 %", becomes a number of them at once: that is what is kept and confirmed.</summary>
    internal static string PeopleOf(string typed, long people) =>
        people > 0 && typed.Trim() is [.. var share, '%' or '％']
        && decimal.TryParse(share.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100
            ? Math.Ceiling(people * percent / 100).ToString(CultureInfo.InvariantCulture)
            : typed;

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 10_000_000 ? number : 0;

    private static string Write(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>When it goes out; null for right away, and for a time that is missing or does not exist.</summary>
    internal PlannedTime? Planned(DateTimeOffset now) =>
        Later && Read(PlannedAt) is { } wall && PlannedTime.Read(wall, TimeZone, now) is { Ok: true } read ? read.Value : null;

    /// <summary>What is wrong on one step, each at its field. The last step asks the server.</summary>
    internal IReadOnlyList<Problem> Check(WizardStep step, IReadOnlyList<AccountLine> accounts, DateTimeOffset now) => step switch
    {
        WizardStep.Audience => [.. Audience(accounts)],
        WizardStep.Text => string.IsNullOrWhiteSpace(Text) ? [new("Text", "text_empty")] : TemplateText.Parse(Text).Problems,
        WizardStep.Time when Repeats => RepeatPlan.Read(Repeat.Input(), TimeZone, now).Problems,
        WizardStep.Time => [.. Times(now), .. PaceProblems(now)],
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

    private IEnumerable<Problem> PaceProblems(DateTimeOffset now)
    {
        if (Pace == PaceChoice.FinishBy && Read(FinishBy) is null)
            yield return new("FinishBy", "time_missing");
        foreach (var problem in Chosen.Check(TimeZone, Planned(now)?.At ?? now))
            yield return problem;
    }

    private static DateTime? Read(string text) =>
        DateTime.TryParseExact(text, _formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) ? wall : null;

    private static string Write(DateTime? wall) => wall?.ToString(_formats[0], CultureInfo.InvariantCulture) ?? "";
}
