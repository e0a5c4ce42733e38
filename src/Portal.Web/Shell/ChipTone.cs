namespace Portal.Web.Shell;

/// <summary>The colour of a state. A colour never stands alone: a glyph and a word go with it.</summary>
public enum ChipTone { Delivered, Sent, Doubt, Failed, Waiting, Skipped, Accent }

internal static class ChipTones
{
    /// <summary>The class that app.css gives <c>--tone</c> to.</summary>
    public static string Class(this ChipTone tone) => tone switch
    {
        ChipTone.Delivered => "tone-delivered",
        ChipTone.Sent => "tone-sent",
        ChipTone.Doubt => "tone-doubt",
        ChipTone.Failed => "tone-failed",
        ChipTone.Waiting => "tone-waiting",
        ChipTone.Skipped => "tone-skipped",
        _ => "tone-accent",
    };

    public static string Glyph(this ChipTone tone) => tone switch
    {
        ChipTone.Delivered => "✓",
        ChipTone.Sent => "→",
        ChipTone.Doubt => "◆",
        ChipTone.Failed => "✕",
        ChipTone.Waiting => "○",
        ChipTone.Skipped => "–",
        _ => "●",
    };
}
