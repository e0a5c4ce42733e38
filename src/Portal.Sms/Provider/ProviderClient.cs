using System.Net;

namespace Portal.Sms.Provider;

/// <summary>
/// Sends one request to the provider: one POST, no retry, no redirect, bounded in time and in the size of the reply.
/// The <see cref="HttpClient"/> stands on <see cref="CreateHandler"/> and on nothing that sends again.
/// </summary>
public sealed class ProviderClient(HttpClient http, TimeProvider clock)
{
    private const int LongestReply = 64 * 1024;

    /// <summary>The only handler to call a provider with.</summary>
    public static SocketsHttpHandler CreateHandler(ProviderHandlerOptions options) => ProviderConnections.CreateHandler(options);

    /// <summary>
    /// Sends the request and says what is known afterwards. Trouble on the network, a time-out and the caller's cancellation are answers, never exceptions:
    /// <see cref="AnswerKind.NotSent"/> when the body was not begun, <see cref="AnswerKind.InDoubt"/> when it was.
    /// </summary>
    /// <param name="request">A request that was not sent before.</param>
    /// <param name="timeout">For everything: connecting, sending, and the last byte of the reply.</param>
    /// <param name="ct">Gives up, and says honestly whether the request had left.</param>
    /// <param name="atLast">Awaited, within the time, when a connection is there and only the request is left to be written: for whoever paces what leaves.</param>
    /// <exception cref="InvalidOperationException">The request was sent before, or disposed.</exception>
    public async Task<ProviderAnswer> SendAsync(ProviderRequest request, TimeSpan timeout, CancellationToken ct, Func<CancellationToken, Task>? atLast = null)
    {
        request.Take();
        var start = clock.GetTimestamp();
        var note = CallNote.Begin();
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        var answer = await ExchangeAsync(request, atLast, either.Token, ct);
        return answer with { LocalAddress = note.LocalAddress, Elapsed = clock.GetElapsedTime(start) };
    }

    private async Task<ProviderAnswer> ExchangeAsync(ProviderRequest request, Func<CancellationToken, Task>? atLast, CancellationToken either, CancellationToken caller)
    {
        using var content = new OnceContent(request.Body, atLast);
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Address)
        {
            Content = content,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        HttpResponseMessage? response = null;
        TimeSpan? offset = null;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either);
            offset = response.Headers.Date - clock.GetUtcNow();
            return await ReadAsync(response, either) with { ClockOffset = offset };
        }
        catch (Exception e)
        {
            // Whatever it is: once the body was begun, the only honest word is "in doubt".
            if (!content.TryShut())
                return Failure.After(e, caller.IsCancellationRequested) with { HttpStatus = (int?)response?.StatusCode, ClockOffset = offset };
            if (e is HttpRequestException or OperationCanceledException or IOException)
                return Failure.Before(e, caller.IsCancellationRequested);
            throw;
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static async Task<ProviderAnswer> ReadAsync(HttpResponseMessage response, CancellationToken either)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and <= 399 or >= 500)
            return ReplyReader.Read(status, []);

        // One byte more than is allowed shows that there is more.
        var reply = new byte[LongestReply + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(either);
        var length = await stream.ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, either);
        return length > LongestReply
            ? ProviderAnswer.InDoubt(DoubtReason.Unreadable, status)
            : ReplyReader.Read(status, reply.AsSpan(0, length));
    }
}
