namespace Portal.Sms.Provider;

/// <summary>What a failed exchange means (provider README section 3): before the body was begun nothing was sent, afterwards nobody knows.</summary>
internal static class Failure
{
    public static ProviderAnswer Before(Exception failure, bool cancelled) => new()
    {
        Kind = AnswerKind.NotSent,
        NotSent = Refusal(failure)?.Reason ?? failure switch
        {
            OperationCanceledException => cancelled ? NotSentReason.Cancelled : NotSentReason.ConnectTimedOut,
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => NotSentReason.NameNotResolved,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => NotSentReason.TlsFailed,
            _ => NotSentReason.ConnectionRefused,
        },
    };

    public static ProviderAnswer After(Exception failure, bool cancelled) => ProviderAnswer.InDoubt(failure switch
    {
        OperationCanceledException => cancelled ? DoubtReason.Cancelled : DoubtReason.TimedOut,
        HttpRequestException e => Doubt(e.HttpRequestError),
        HttpIOException e => Doubt(e.HttpRequestError),
        _ => DoubtReason.ConnectionCut,
    });

    private static DoubtReason Doubt(HttpRequestError? error) =>
        error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded ? DoubtReason.Unreadable : DoubtReason.ConnectionCut;

    private static ConnectException? Refusal(Exception? failure)
    {
        while (failure is not (null or ConnectException))
            failure = failure.InnerException;
        return failure as ConnectException;
    }
}
