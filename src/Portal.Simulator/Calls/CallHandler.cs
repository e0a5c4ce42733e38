using Portal.Simulator.Faults;
using Portal.Simulator.Ledger;
using Portal.Simulator.Settings;

namespace Portal.Simulator.Calls;

/// <summary>One request from its arrival to the end of its reply.</summary>
internal sealed class CallHandler(
    Decisions decisions, CallLedger ledger, FaultPlayer player, SimulatorSettings settings, TimeProvider clock, ILogger<CallHandler> logger)
{
    public async Task HandleAsync(CallKind call, HttpContext http)
    {
        var arrived = Arrival.Of(http, clock);
        try
        {
            var request = await SendRequestReader.ReadAsync(http.Request, http.RequestAborted);
            await AnswerAsync(call, request, arrived, http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller left. What was accepted stays accepted: the ledger had it before the reply.
        }
    }

    private async Task AnswerAsync(CallKind call, SendRequest? request, long arrived, HttpContext http)
    {
        var page = ledger.PageOf(request?.Apikey ?? "");
        Decision decision;
        using (ledger.Enter(page, arrived))
        {
            decision = decisions.Decide(call, request, http.Connection.RemoteIpAddress, arrived, page);
            SimulatorLog.CallAnswered(logger, call, decision.Code);
            try
            {
                await WaitAsync(decision, http.RequestAborted);
            }
            finally
            {
                decision.Entered?.Leave();
            }
        }
        // Its places are free before the reply: a caller that keeps to its limit may send again as soon as it has read this.
        if (decision.Fault is null)
            await Replies.WriteAsync(http.Response, decision.Reply, http.RequestAborted);
        else
            await FaultPlayer.PlayAsync(decision.Fault, decision.Reply, http);
    }

    private async ValueTask WaitAsync(Decision decision, CancellationToken cancellationToken)
    {
        var latency = settings.NextLatency() + decision.Held;
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, clock, cancellationToken);
        if (decision.Fault is { Kind: FaultKind.Hang } fault)
            await player.HangAsync(fault, cancellationToken);
    }
}
