using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What one run of an account's loop keeps: its lease, what it has open, its pace.</summary>
internal sealed record LoopRun(TenantScope Scope, Guid AccountId, Lease Lease, OpenRequests Open, Pacer Pacer, OpenWindow Window);
