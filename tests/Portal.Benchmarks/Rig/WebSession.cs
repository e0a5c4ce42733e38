using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Benchmarks.Rig;

/// <summary>Somebody who is signed in to a portal that runs as a process, over plain HTTP.</summary>
internal sealed partial class WebSession : IDisposable
{
    private const string Page = "/account/sign-in";

    private readonly HttpClient _http;
    private string _token = "";

    private WebSession(string address) =>
        _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new(address) };

    public static async Task<WebSession> SignInAsync(string address, string email, string password, CancellationToken ct)
    {
        var session = await OpenAsync(address, ct);
        var (status, _) = await session.TryAsync(email, password, ct);
        return status == HttpStatusCode.Redirect ? session : throw new InvalidOperationException($"{email} is not let in: {status}.");
    }

    /// <summary>Nobody yet: the sign-in page is open.</summary>
    public static async Task<WebSession> OpenAsync(string address, CancellationToken ct)
    {
        var session = new WebSession(address);
        session._http.DefaultRequestHeaders.Add("Accept", "text/html");
        session._token = Token().Match(await session._http.GetStringAsync(Page, ct)).Value;
        return session;
    }

    /// <summary>Fills in the sign-in page; a redirect is a yes.</summary>
    public async Task<(HttpStatusCode Status, TimeSpan Took)> TryAsync(string email, string password, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = _token,
            ["Form.Email"] = email,
            ["Form.Password"] = password,
        });
        var start = TimeProvider.System.GetTimestamp();
        using var answer = await _http.PostAsync(Page, form, ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return (answer.StatusCode, TimeProvider.System.GetElapsedTime(start));
    }

    /// <summary>The answer's status and how long the whole of it took.</summary>
    public async Task<(HttpStatusCode Status, TimeSpan Took)> GetAsync(string path, CancellationToken ct)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var answer = await _http.GetAsync(path, ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return (answer.StatusCode, TimeProvider.System.GetElapsedTime(start));
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("(?<=name=\"__RequestVerificationToken\" value=\")[^\"]+", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
