using Portal.Tenants;

namespace Portal.Web.Settings;

/// <summary>The quiet hours of one country as they stand in the inputs.</summary>
public sealed class QuietDraft
{
    /// <summary>Two letters; empty for all other countries.</summary>
    public required string Country { get; init; }

    /// <summary>Null while the field is empty.</summary>
    public TimeOnly? From { get; set; } = new(21, 0);

    public TimeOnly? To { get; set; } = new(8, 0);

    /// <summary>It is never quiet there.</summary>
    public bool None { get; set; }

    public static QuietDraft Of(QuietRule rule) => rule.None
        ? new() { Country = rule.Country, None = true }
        : new() { Country = rule.Country, From = rule.From, To = rule.To };

    public QuietRule Read() => new(Country, From, To, None);
}
