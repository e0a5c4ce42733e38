using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Portal.Simulator.Calls;

namespace Portal.Simulator.Faults;

/// <summary>Does what a fault says, in place of the reply.</summary>
internal sealed class FaultPlayer(IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>Part of the answer's waiting time, so that the request counts as open while it hangs.</summary>
    public async Task HangAsync(FaultOptions fault, CancellationToken callerLeft)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(fault.HangMs is { } ms ? TimeSpan.FromMilliseconds(ms) : Timeout.InfiniteTimeSpan, clock, end.Token);
        }
        catch (OperationCanceledException) when (!callerLeft.IsCancellationRequested)
        {
            // The simulator stops: the connection is cut, as at the end of the time.
        }
    }

    public static Task PlayAsync(FaultOptions fault, byte[] reply, HttpContext http) => fault.Kind switch
    {
        FaultKind.Hang => Cut(http),
        FaultKind.Reset => Reset(http),
        FaultKind.Http500 => StatusAsync(http, StatusCodes.Status500InternalServerError),
        FaultKind.Http503 => StatusAsync(http, StatusCodes.Status503ServiceUnavailable),
        FaultKind.Code999 => Replies.WriteAsync(http.Response, Replies.Refusal(Codes.SystemError), http.RequestAborted),
        FaultKind.Code => Replies.WriteAsync(http.Response, Replies.Refusal(fault.Code!), http.RequestAborted),
        FaultKind.Garbage => Replies.WriteAsync(http.Response, "<html><body>It works!</body></html>"u8.ToArray(), http.RequestAborted),
        FaultKind.Empty => Replies.WriteAsync(http.Response, ReadOnlyMemory<byte>.Empty, http.RequestAborted),
        FaultKind.Redirect => Redirect(http),
        FaultKind.HalfReply => HalfAsync(http, reply),
        FaultKind.Partly => Replies.WriteAsync(http.Response, reply, http.RequestAborted),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "This kind of fault is not known."),
    };

    /// <summary>FIN behind what was sent, before the server closes: its own way to end a connection is RST.</summary>
    private static Task Cut(HttpContext http)
    {
        SocketOf(http).Shutdown(SocketShutdown.Send);
        http.Abort();
        return Task.CompletedTask;
    }

    private static Task Reset(HttpContext http)
    {
        // Without lingering, closing sends RST.
        SocketOf(http).LingerState = new LingerOption(enable: true, seconds: 0);
        SocketOf(http).Close();
        http.Abort();
        return Task.CompletedTask;
    }

    private static Task StatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync("The server is in trouble.", http.RequestAborted);
    }

    private static Task Redirect(HttpContext http)
    {
        http.Response.Redirect($"/moved{http.Request.Path}", permanent: false, preserveMethod: true);
        return Task.CompletedTask;
    }

    private static async Task HalfAsync(HttpContext http, byte[] reply)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: {Replies.ContentType}\r\nContent-Length: {reply.Length}\r\n\r\n"));
        await SocketOf(http).SendAsync((byte[])[.. head, .. reply.AsSpan(0, reply.Length / 2)], http.RequestAborted);
        await Cut(http);
    }

    private static Socket SocketOf(HttpContext http) => http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
}
