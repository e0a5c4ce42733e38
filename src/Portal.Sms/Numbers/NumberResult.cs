namespace Portal.Sms.Numbers;

/// <summary>Why an input is not a number that can be written to.</summary>
public enum NumberProblem
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Nothing was given.</summary>
    Empty,

    /// <summary>No country code, and no country to assume.</summary>
    NoCountry,

    /// <summary>Not written as a number, or spoiled by a spreadsheet (<c>8.61E+12</c>): its digits are gone.</summary>
    NotANumber,

    /// <summary>Too few digits for its country.</summary>
    TooShort,

    /// <summary>Too many digits for its country.</summary>
    TooLong,

    /// <summary>The right length, and no number that its country has given out; or no such country.</summary>
    NotValid,
}

/// <summary>What became of an input.</summary>
/// <param name="Number">Country code and number, digits only (<c>^[1-9][0-9]{6,14}$</c>); null with a problem.</param>
/// <param name="Problem">None, or why there is no number.</param>
/// <param name="Region">The two letters of its country; null when it belongs to none.</param>
public readonly record struct NumberResult(string? Number, NumberProblem Problem, string? Region);
