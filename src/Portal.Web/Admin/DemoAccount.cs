using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Portal.Accounts;
using Portal.Tenants;

namespace Portal.Web.Admin;

/// <summary>The demo's account at the simulator. The pair is always the same: the simulator forgets it when it ends.</summary>
internal sealed class DemoAccount(AddAccount add, AccountList list)
{
    private const string Label = "Lantern CN";
    private const string ApiKey = "Lq+3vT/8mK2xR9wZcY5n1A==";
    private const string Secret = "demo-secret-of-lantern-tea";

    /// <summary>Null when it is there; else why not.</summary>
    public async Task<List<Problem>?> MakeAsync(Member owner, Uri simulator, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var pair = new SimulatorAccount(ApiKey, Secret, "both");
        using var answer = await http.PutAsJsonAsync(new Uri(simulator, "/accounts"), pair, DemoJson.Default.SimulatorAccount, ct);
        answer.EnsureSuccessStatusCode();

        if ((await list.RunAsync(owner, ct)).Any(a => a.Label == Label))
            return null;
        var input = new AddAccountInput(new(Label), simulator.AbsoluteUri, AccountKind.Both, new(ApiKey, Secret));
        var result = await add.RunAsync(owner, input, ct);
        return result.Ok ? null : [.. result.Problems];
    }
}

/// <summary>An account as the simulator takes it (docs/simulator.md).</summary>
internal sealed record SimulatorAccount(string Apikey, string Secret, string Kind);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SimulatorAccount))]
internal sealed partial class DemoJson : JsonSerializerContext;
