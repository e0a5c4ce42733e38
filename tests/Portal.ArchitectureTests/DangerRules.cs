using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>What runs, parses or writes more than it was meant to, when somebody else chose the text.</summary>
internal static partial class DangerRules
{
    /// <summary>Commands of the system, code made of text, deserialisers that make types by name, parsers of XML that fetch.</summary>
    public static IEnumerable<string> Code(IEnumerable<SourceFile> files) => Find(files, DangerousCode());

    /// <summary>Script that makes markup or code of text, talks to other windows, or keeps things in the browser.</summary>
    public static IEnumerable<string> Script(IEnumerable<SourceFile> files) => Find(files, DangerousScript());

    /// <summary>Anything that a browser would fetch from, or send to, another site.</summary>
    public static IEnumerable<string> OtherSites(IEnumerable<SourceFile> files) =>
        from file in files
        from Match found in OtherSite().Matches(file.Text)
        select $"{file.Name}: {found.Value}";

    /// <summary>A regular expression that may run as long as its text likes.</summary>
    public static IEnumerable<string> EndlessRegexes(IEnumerable<SourceFile> files) =>
        from file in files
        from Match found in AnyRegex().Matches(SecurityDocument.Code(file.Text))
        where !found.Value.Contains("NonBacktracking", StringComparison.Ordinal) && !Timed().IsMatch(found.Value)
        select $"{file.Name}: {found.Value}";

    /// <summary>SQL that EF is given as text, with places for anything but constants: what people typed goes as a parameter.</summary>
    public static IEnumerable<string> RawSql(IEnumerable<SourceFile> files) =>
        from file in files
        from Match found in RawSqlWithPlaces().Matches(file.Text)
        from Match place in Place(found.Groups["dollars"].Length).Matches(found.Groups["sql"].Value)
        where !Constant().IsMatch(place.Groups["what"].Value)
        select $"{file.Name}: {place.Value}";

    private static Regex Place(int braces) => braces > 1 ? TwoBraces() : OneBrace();

    /// <summary>An answer that says that other sites may read it.</summary>
    public static IEnumerable<string> Shared(IEnumerable<SourceFile> files) => Find(files, SharedWithOthers());

    /// <summary>A pattern made of text at run time: what somebody typed could be a part of it.</summary>
    public static IEnumerable<string> MadeRegexes(IEnumerable<SourceFile> files) => Find(files, MadeRegex());

    /// <summary>A TLS connection that takes any certificate, or an HTTP client that goes where the answer sends it.</summary>
    public static IEnumerable<string> CarelessClients(IEnumerable<SourceFile> files) =>
        Find(files, AnyCertificate()).Concat(
            from file in files
            from Match found in HttpHandler().Matches(SecurityDocument.Code(file.Text))
            where !found.Value.Contains("AllowAutoRedirect = false", StringComparison.Ordinal)
            select $"{file.Name}: {found.Value}");

    private static IEnumerable<string> Find(IEnumerable<SourceFile> files, Regex what) =>
        from file in files
        from Match found in what.Matches(SecurityDocument.Code(file.Text))
        select $"{file.Name}: {found.Value}";

    [GeneratedRegex(@"Process\.Start|ProcessStartInfo|CSharpScript|Assembly\.Load(From|File)?\(|BinaryFormatter|NetDataContractSerializer|LosFormatter|TypeNameHandling\.(All|Auto|Objects)|XmlDocument|XmlTextReader|DtdProcessing|XmlUrlResolver|DirectorySearcher|\bunsafe\b(?!-)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DangerousCode();

    [GeneratedRegex(@"(?:Server|Remote)Certificate(?:Custom)?Validation\w*|DangerousAccept\w*|TrustServerCertificate|Trust Server Certificate|CheckCertificateRevocation\s*=\s*false|SslPolicyErrors", RegexOptions.None, 1000)]
    private static partial Regex AnyCertificate();

    [GeneratedRegex(@"SocketsHttpHandler \w+\([^)]*\) => new\(\)[^;]{0,400}|new (?:SocketsHttpHandler|HttpClientHandler)\b[^;]{0,400}|new HttpClient\(\)|AddHttpClient\b[^;]{0,200}", RegexOptions.None, 1000)]
    private static partial Regex HttpHandler();

    [GeneratedRegex(@"AddCors|UseCors|RequireCors|Access-Control-Allow|AccessControlAllow", RegexOptions.None, 1000)]
    private static partial Regex SharedWithOthers();

    [GeneratedRegex(@"new Regex\(|\bRegex\.(?:IsMatch|Match|Matches|Replace|Split|Count)\(", RegexOptions.None, 1000)]
    private static partial Regex MadeRegex();

    [GeneratedRegex(@"\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|postMessage|addEventListener\(""message""|document\.cookie|sessionStorage|indexedDB|__proto__|javascript:", RegexOptions.None, 1000)]
    private static partial Regex DangerousScript();

    [GeneratedRegex(@"(?:src|href|action|url\(|fetch\(|import\s)\s*[=(]?\s*[""']?(?:https?:)?//[^\s""')]+", RegexOptions.None, 1000)]
    private static partial Regex OtherSite();

    [GeneratedRegex(@"(?:\[GeneratedRegex|new Regex|Regex\.(?:IsMatch|Match|Matches|Replace|Split))\([^\n]*", RegexOptions.None, 1000)]
    private static partial Regex AnyRegex();

    [GeneratedRegex(@"[Tt]imeout|, \d+\)\]", RegexOptions.None, 1000)]
    private static partial Regex Timed();

    [GeneratedRegex(@"(?:FromSqlRaw|SqlQueryRaw|ExecuteSqlRaw(?:Async)?)\(\s*(?<dollars>\$+)(?<sql>""""""(?s:.*?)""""""|""[^""]*"")", RegexOptions.None, 1000)]
    private static partial Regex RawSqlWithPlaces();

    [GeneratedRegex(@"\{(?<what>[^{}]+)\}", RegexOptions.None, 1000)]
    private static partial Regex OneBrace();

    [GeneratedRegex(@"\{\{(?<what>[^{}]+)\}\}", RegexOptions.None, 1000)]
    private static partial Regex TwoBraces();

    // Upper case begins what is constant here; parameters and variables begin in lower case.
    [GeneratedRegex(@"^\(?(?:int\))?[A-Z]\w*(?:\.[A-Z]\w*)*(?:\(""\w+""\))?$", RegexOptions.None, 1000)]
    private static partial Regex Constant();
}
