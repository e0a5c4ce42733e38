using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Portal.Simulator.Calls;

namespace Portal.Tests.Simulator;

public sealed class ArrivalTests
{
    [Fact]
    public async Task A_request_came_in_when_its_bytes_did_and_not_when_they_were_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptSocketAsync();
        await client.GetStream().WriteAsync(new byte[] { 1 });
        Assert.True(server.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead));
        await Task.Delay(300);

        var http = new DefaultHttpContext();
        http.Features.Set<IConnectionSocketFeature>(new Connection(server));
        var (clock, now) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        Assert.True(clock.GetElapsedTime(Arrival.Of(http, clock), now) >= TimeSpan.FromMilliseconds(250));
        // Without a connection, and by a clock of one's own, it is now.
        Assert.True(Arrival.Of(new DefaultHttpContext(), clock) >= now);
        var fake = new FakeTimeProvider();
        Assert.Equal(fake.GetTimestamp(), Arrival.Of(http, fake));
    }

    private sealed class Connection(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket => socket;
    }
}
