using Microsoft.Extensions.Logging;

namespace Portal.Dispatch;

internal static partial class DispatchLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "What tenants keep no longer was not all taken away; it is tried again.")]
    public static partial void ClearFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account}: the loop starts under fence {Fence}.")]
    public static partial void LoopStarted(ILogger logger, Guid account, long fence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account}: the loop under fence {Fence} ends.")]
    public static partial void LoopEnded(ILogger logger, Guid account, long fence);

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: the loop failed; another one takes over when the lease is over.")]
    public static partial void LoopFailed(ILogger logger, Exception exception, Guid account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: the lease under fence {Fence} is lost.")]
    public static partial void LeaseLost(ILogger logger, Guid account, long fence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: {Claims} claims and {Doubts} attempts were left behind; the claims are planned again, the attempts are in doubt.")]
    public static partial void Recovered(ILogger logger, Guid account, int claims, int doubts);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sending {Sending}, batch {Batch}, attempt {Attempt}: {Kind} {Code} {Why} after {Elapsed}.")]
    public static partial void Outcome(ILogger logger, Guid sending, int batch, int attempt, OutcomeKind kind, string? code, string? why, TimeSpan? elapsed);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Sending {Sending}, batch {Batch}: not begun ({Why}); the claim is given back.")]
    public static partial void NotBegun(ILogger logger, Guid sending, int batch, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending {Sending}, batch {Batch}, attempt {Attempt}: the outcome could not be written; trying again.")]
    public static partial void OutcomeNotWritten(ILogger logger, Exception exception, Guid sending, int batch, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending {Sending}, batch {Batch}: failed. A claim is planned again; an attempt that has begun is called in doubt after its time-out.")]
    public static partial void BatchFailed(ILogger logger, Exception exception, Guid sending, int batch);

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: {Claims} claimed batches could not be signed; they are planned again.")]
    public static partial void NotSigned(ILogger logger, Exception exception, Guid account, int claims);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is sent: {Why}")]
    public static partial void Held(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sending goes on.")]
    public static partial void HeldNoMore(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database could not be held against the store outside it; nothing is sent until it can.")]
    public static partial void FenceNotAsked(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store outside the database was made in {Folder}. Every instance must have the same one, and no restore of the database may bring it back.")]
    public static partial void FenceMade(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Held ({Why}), released by {By}: {Batches} batches are in doubt.")]
    public static partial void Released(ILogger logger, string why, string by, int batches);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for due work failed; trying again.")]
    public static partial void PollFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sending {Sending}: its first messages were judged; enough were delivered: {Passed}.")]
    public static partial void CanaryJudged(ILogger logger, Guid sending, bool passed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sending {Sending} is prepared: {Messages} messages in {Batches} batches, {Skipped} people left out.")]
    public static partial void Prepared(ILogger logger, Guid sending, int messages, int batches, int skipped);
}
