using Portal.Dispatch;

namespace Portal.Web.Settings;

/// <summary>Limits as they stand in the inputs: text, so that nothing typed is lost however wrong it is.</summary>
public sealed class LimitDraft(LimitFigures figures)
{
    public string DayMessages { get; set; } = SettingsWords.Text(figures.DayMessages);

    public string DaySegments { get; set; } = SettingsWords.Text(figures.DaySegments);

    public string MonthMessages { get; set; } = SettingsWords.Text(figures.MonthMessages);

    public string MonthSegments { get; set; } = SettingsWords.Text(figures.MonthSegments);

    public LimitFigures Read() => new(
        SettingsWords.Number(DayMessages), SettingsWords.Number(DaySegments), SettingsWords.Number(MonthMessages), SettingsWords.Number(MonthSegments));
}
