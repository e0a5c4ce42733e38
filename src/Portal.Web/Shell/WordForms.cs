using System.Globalization;

namespace Portal.Web.Shell;

/// <summary>
/// Puts values into a text as <see cref="string.Format(IFormatProvider, string, object[])"/> does; where a place has two forms, its
/// number chooses: <c>{0:N0} {0:person|people}</c> reads "1 person", "2 people". Chinese has no need of it.
/// </summary>
internal sealed class WordForms : IFormatProvider, ICustomFormatter
{
    private static readonly WordForms _instance = new();

    private WordForms()
    {
    }

    public static string Format(string text, params object?[] values) => string.Format(_instance, text, values);

    object? IFormatProvider.GetFormat(Type? formatType) =>
        formatType == typeof(ICustomFormatter) ? this : CultureInfo.CurrentCulture.GetFormat(formatType!);

    string ICustomFormatter.Format(string? format, object? arg, IFormatProvider? formatProvider)
    {
        if (format?.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar)
            return Written(arg, null) == "1" ? format[..bar] : format[(bar + 1)..];
        return Written(arg, format);
    }

    // A number may come written already.
    private static string Written(object? value, string? format) =>
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.CurrentCulture) : value?.ToString() ?? "";
}
