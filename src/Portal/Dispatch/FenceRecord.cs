using System.Text.Json.Serialization;

namespace Portal.Dispatch;

/// <summary>What the store outside the database knows of it.</summary>
/// <param name="SystemIdentifier">Of the cluster, given when it was made: a decimal number.</param>
/// <param name="Timeline">Counts up when a cluster is recovered to a point in time or a standby takes over.</param>
/// <param name="Database">The database's oid.</param>
/// <param name="Life">The server's start under which the last block was reserved (<c>infra.dispatch_life</c>).</param>
/// <param name="ReservedTo">The last dispatch number that an attempt may have taken.</param>
internal sealed record FenceRecord(string SystemIdentifier, int Timeline, long Database, string Life, long ReservedTo, DateTimeOffset WrittenAt);

/// <summary>The last attempt of a block that was let out: whoever was restored to a time before it does not have it.</summary>
internal sealed record FenceMark(long Number, Guid TenantId, Guid SendingId, int BatchNo, int AttemptNo);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FenceRecord))]
internal sealed partial class FenceJson : JsonSerializerContext;
