using Portal.Simulator.Calls;

namespace Portal.Simulator;

/// <summary>Debug only: at thousands of requests a second a line each would be the slowest part.</summary>
internal static partial class SimulatorLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Call} was answered {Code}")]
    public static partial void CallAnswered(ILogger logger, CallKind call, string code);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Push {Push} of a receipt of task {TaskId} was not answered OK")]
    public static partial void PushFailed(ILogger logger, int push, long taskId);
}
