using MudBlazor;

namespace Portal.Web.Shell;

/// <summary>
/// The look of MudBlazor's parts. The same colours stand as tokens in <c>wwwroot/app.css</c>.
/// There are two scopes of one theme, so that the class on the root element picks light or dark without asking the server.
/// </summary>
internal static class PortalTheme
{
    /// <summary>The class that <c>theme.js</c> sets on the root element before the first paint.</summary>
    public const string DarkClass = "portal-dark";

    public static MudTheme Light { get; } = Create(":root");

    public static MudTheme Dark { get; } = Create($":root.{DarkClass}");

    private static MudTheme Create(string scope) => new()
    {
        PseudoCss = new PseudoCss { Scope = scope },
        PaletteLight = LightPalette(),
        PaletteDark = DarkPalette(),
        Typography = Type(),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Shadows = new Shadow { Elevation = [.. Enumerable.Repeat("none", 26)] },
    };

    private static PaletteLight LightPalette() => new()
    {
        Black = "#17201c",
        White = "#ffffff",
        Primary = "#0b6e5f",
        PrimaryContrastText = "#ffffff",
        Secondary = "#5d6a64",
        SecondaryContrastText = "#ffffff",
        Tertiary = "#0b6e5f",
        TertiaryContrastText = "#ffffff",
        Info = "#2b69a8",
        Success = "#2c7a4b",
        Warning = "#a86200",
        Error = "#b0352a",
        Dark = "#17201c",
        TextPrimary = "#17201c",
        TextSecondary = "#5d6a64",
        TextDisabled = "#7b8680",
        ActionDefault = "#5d6a64",
        ActionDisabled = "#7b8680",
        ActionDisabledBackground = "#e1e5e1",
        Background = "#f6f7f5",
        BackgroundGray = "#f6f7f5",
        Surface = "#ffffff",
        DrawerBackground = "#ffffff",
        DrawerText = "#17201c",
        DrawerIcon = "#5d6a64",
        AppbarBackground = "#ffffff",
        AppbarText = "#17201c",
        LinesDefault = "#e1e5e1",
        LinesInputs = "#7b8680",
        TableLines = "#e1e5e1",
        Divider = "#e1e5e1",
        DividerLight = "#e1e5e1",
        RippleOpacity = 0,
        RippleOpacitySecondary = 0,
    };

    private static PaletteDark DarkPalette() => new()
    {
        Black = "#0f1412",
        White = "#e7ede9",
        Primary = "#4fc3ae",
        PrimaryContrastText = "#06231d",
        Secondary = "#9ba8a1",
        SecondaryContrastText = "#0f1412",
        Tertiary = "#4fc3ae",
        TertiaryContrastText = "#06231d",
        Info = "#6fb0ea",
        InfoContrastText = "#0f1412",
        Success = "#5cc086",
        SuccessContrastText = "#0f1412",
        Warning = "#e0a44a",
        WarningContrastText = "#0f1412",
        Error = "#ef7f74",
        ErrorContrastText = "#0f1412",
        Dark = "#e7ede9",
        DarkContrastText = "#0f1412",
        TextPrimary = "#e7ede9",
        TextSecondary = "#9ba8a1",
        TextDisabled = "#8a968f",
        ActionDefault = "#9ba8a1",
        ActionDisabled = "#8a968f",
        ActionDisabledBackground = "#28312c",
        Background = "#0f1412",
        BackgroundGray = "#0f1412",
        Surface = "#161c19",
        DrawerBackground = "#161c19",
        DrawerText = "#e7ede9",
        DrawerIcon = "#9ba8a1",
        AppbarBackground = "#161c19",
        AppbarText = "#e7ede9",
        LinesDefault = "#28312c",
        LinesInputs = "#8a968f",
        TableLines = "#28312c",
        Divider = "#28312c",
        DividerLight = "#28312c",
        RippleOpacity = 0,
        RippleOpacitySecondary = 0,
    };

    private static Typography Type()
    {
        // the face is a token of app.css, because Chinese pages take their punctuation from the Chinese face
        string[] face = ["var(--face)"];
        return new Typography
        {
            Default = new DefaultTypography { FontFamily = face, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = face, FontSize = "20px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H2 = new H2Typography { FontFamily = face, FontSize = "14px", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            H3 = new H3Typography { FontFamily = face, FontSize = "14px", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            H4 = new H4Typography { FontFamily = face, FontSize = "14px", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            H5 = new H5Typography { FontFamily = face, FontSize = "14px", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = face, FontSize = "16px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = face, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = face, FontSize = "14px", FontWeight = "500", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = face, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = face, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = face, FontSize = "14px", FontWeight = "500", LineHeight = "1.45", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = face, FontSize = "12px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "normal" },
            Overline = new OverlineTypography { FontFamily = face, FontSize = "12px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "normal", TextTransform = "none" },
        };
    }
}
