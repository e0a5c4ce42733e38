using System.Globalization;
using System.Net.Http.Json;
using Portal.Sms.Provider;

namespace Portal.Benchmarks.Rig;

/// <summary>The simulator as a process, and its ledger: the judge of every run.</summary>
internal sealed class Provider : IAsyncDisposable
{
    private readonly Child _child;
    private readonly HttpClient _http;

    private Provider(Child child, HttpClient http) => (_child, _http) = (child, http);

    public string Address => _http.BaseAddress!.ToString().TrimEnd('/');

    public string ApiKey { get; } = Convert.ToBase64String(Guid.NewGuid().ToByteArray());

    public string Secret { get; } = Guid.NewGuid().ToString("N");

    public static async Task<Provider> StartAsync(int latencyMs, int rate, CancellationToken ct)
    {
        var address = $"http://127.0.0.1:{Scratch.FreePort()}";
        var child = Child.Start(Scratch.Required("PORTAL_BIN_SIMULATOR"), ["--urls", address], new Dictionary<string, string?>());
        var provider = new Provider(child, new HttpClient { BaseAddress = new Uri(address) });
        await Wait.UntilAsync(provider.AnswersAsync, TimeSpan.FromSeconds(30), () => "The simulator does not answer:\n" + child.Tail, ct);
        await provider.PutAccountAsync(provider.ApiKey, provider.Secret, rate, ct);
        (await provider._http.PostAsJsonAsync("settings", new { latencyMs }, ct)).EnsureSuccessStatusCode();
        return provider;
    }

    /// <summary>Calls of nobody it knows: a provider that runs is warm, and its first answers are not late together.</summary>
    public Task WarmUpAsync(CancellationToken ct) => Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 30, CancellationToken = ct }, async (_, token) =>
    {
        using var nobody = new KeyPair("nobody"u8.ToArray(), "nothing"u8.ToArray());
        using var request = ProviderRequest.Build(_http.BaseAddress!, ProviderCall.Marketing, nobody, TimeProvider.System.GetUtcNow(), new ProviderMessage(["8613800138000"], "warm", null, null, null));
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Address) { Content = new ReadOnlyMemoryContent(request.Body) };
        using var answer = await _http.SendAsync(message, token);
    });

    /// <summary>How often each number was accepted.</summary>
    public async Task<Dictionary<string, int>> NumbersAsync(CancellationToken ct)
    {
        var lines = await _http.GetStringAsync($"ledger/numbers?apikey={Uri.EscapeDataString(ApiKey)}", ct);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split(' '))
            .ToDictionary(l => l[0], l => int.Parse(l[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>When a number was accepted, each time.</summary>
    public async Task<DateTimeOffset[]> AcceptedAtAsync(string number, CancellationToken ct)
    {
        var found = await _http.GetFromJsonAsync<Acceptance[]>($"ledger/numbers/{number}?apikey={Uri.EscapeDataString(ApiKey)}", ct);
        return [.. found!.Select(a => a.Time)];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _child.DisposeAsync();
    }

    /// <summary>One more account that the provider knows.</summary>
    public async Task<(string ApiKey, string Secret)> AccountAsync(int rate, CancellationToken ct)
    {
        var (apiKey, secret) = (Convert.ToBase64String(Guid.NewGuid().ToByteArray()), Guid.NewGuid().ToString("N"));
        await PutAccountAsync(apiKey, secret, rate, ct);
        return (apiKey, secret);
    }

    /// <summary>Numbers that it accepted, of all accounts.</summary>
    public async Task<long> AcceptedAsync(CancellationToken ct) => (await _http.GetFromJsonAsync<Traffic>("ledger", ct))!.Accepted;

    /// <summary>The most arrivals of an account in any second, as the provider saw them.</summary>
    public async Task<int> MostArrivalsAsync(string apiKey, CancellationToken ct) =>
        (await _http.GetFromJsonAsync<Traffic>($"ledger?apikey={Uri.EscapeDataString(apiKey)}", ct))!.MaxPerSlidingSecond;

    private async Task PutAccountAsync(string apiKey, string secret, int rate, CancellationToken ct) =>
        (await _http.PutAsJsonAsync("accounts", new { apikey = apiKey, secret, kind = "both", rate, concurrency = 10_000, pushUrl = (string?)null }, ct)).EnsureSuccessStatusCode();

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            return (await _http.GetAsync("health", ct)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed record Traffic(int MaxPerSlidingSecond, long Accepted);

    private sealed record Acceptance(DateTimeOffset Time);
}
