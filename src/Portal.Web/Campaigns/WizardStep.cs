namespace Portal.Web.Campaigns;

/// <summary>The steps of the wizard, in order; their words stand in the address.</summary>
public enum WizardStep { Audience, Text, Time, Review }

internal static class WizardSteps
{
    public static WizardStep Read(string? word) => Enum.TryParse<WizardStep>(word, ignoreCase: true, out var step) && Enum.IsDefined(step) ? step : WizardStep.Audience;

    public static string Word(this WizardStep step) => step.ToString().ToLowerInvariant();

    /// <summary>The step on which a field stands.</summary>
    public static WizardStep Of(string field) => field switch
    {
        "Text" => WizardStep.Text,
        "PlannedAt" or "NotAfter" or "SpreadMinutes" or "FinishBy" or "CanaryPeople" or "CanaryPercent" or "CanaryMinutes" => WizardStep.Time,
        _ when field.StartsWith("Repeat", StringComparison.Ordinal) => WizardStep.Time,
        "AcceptSkips" => WizardStep.Review,
        _ => WizardStep.Audience,
    };
}
