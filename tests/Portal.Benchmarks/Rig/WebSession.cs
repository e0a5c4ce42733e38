using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Benchmarks.Rig;

/// <summary>Somebody who is signed in to a portal that runs as a process, over plain HTTP.</summary>
internal sealed partial class WebSession : IDisposable
{
    private readonly HttpClient _http;

    private WebSession(string address) =>
        _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new(address) };

    public static async Task<WebSession> SignInAsync(string address, string email, string password, CancellationToken ct)
    {
        const string page = "/account/sign-in";
        var session = new WebSession(address);
        session._http.DefaultRequestHeaders.Add("Accept", "text/html");
        var token = Token().Match(await session._http.GetStringAsync(page, ct)).Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = token,
            ["Form.Email"] = email,
            ["Form.Password"] = password,
        });
        using var answer = await session._http.PostAsync(page, form, ct);
        return answer.StatusCode == HttpStatusCode.Redirect ? session : throw new InvalidOperationException($"{email} is not let in: {answer.StatusCode}.");
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
