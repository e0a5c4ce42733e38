using System.Security.Cryptography;

namespace Portal.Members;

/// <summary>What a password must be: long, not one of those that everybody takes, not made of the person's own names.</summary>
public static class PasswordRules
{
    public const int MinLength = 12;

    /// <summary>More would only let a stranger keep the server hashing.</summary>
    public const int MaxLength = 256;

    /// <summary>So many wrong passwords for one address from one place lock that address there.</summary>
    public const int MaxAttempts = 5;

    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    // Fewer different characters are a pattern, however long it is.
    private const int LeastDifferent = 5;

    // What is left beside somebody's own names must be something.
    private const int LeastBeside = 8;
    private const int ShortestWord = 4;

    // No letters that look like another or like a digit: it is read out and typed in once.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>
    /// What is wrong with a new password, null when nothing is: <c>password_length</c>, <c>password_common</c>, <c>password_own</c>.
    /// </summary>
    /// <param name="field">Where the problem is shown.</param>
    /// <param name="names">E-mail address, person's and companies' names: a password is not made of them.</param>
    public static Problem? Check(string field, string password, params IEnumerable<string> names)
    {
        if (password.Length is < MinLength or > MaxLength)
            return new(field, "password_length", MinLength, MaxLength);
        if (password.Distinct().Count() < LeastDifferent || IsRun(password) || CommonPasswords.Contains(password))
            return new(field, "password_common");
        return Beside(password, names) < LeastBeside ? new(field, "password_own") : null;
    }

    /// <summary>Four groups of seven letters: 138 bits.</summary>
    public static string Generate() =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 7)));

    // 123456789012, abcdefghijkl
    private static bool IsRun(string password) =>
        password.Zip(password.Skip(1)).Count(p => Math.Abs(p.Second - p.First) is 1 or 9) >= password.Length - 2;

    private static int Beside(string password, IEnumerable<string> names)
    {
        var rest = password;
        foreach (var word in names.Append("portal").SelectMany(WordsOf).OrderByDescending(w => w.Length))
            rest = rest.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        return rest.Length;
    }

    private static IEnumerable<string> WordsOf(string name) =>
        name.Split([' ', '@', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length >= ShortestWord);
}
