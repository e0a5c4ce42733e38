using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Portal.IntegrationTests.Members;

/// <summary>An SMTP server that takes every letter and keeps it. With <see cref="Refuse"/> it takes none.</summary>
public sealed partial class MailCatcher : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MimeMessage> _letters = new();
    private readonly Task _accepting;

    public MailCatcher()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool Refuse { get; set; }

    /// <summary>Letters to an address, oldest first.</summary>
    public IReadOnlyList<MimeMessage> To(string email) => [.. _letters.Where(l => l.To.Mailboxes.Any(m => m.Address == email))];

    /// <summary>Waits for so many letters to an address and answers the last of them.</summary>
    public async Task<MimeMessage> WaitAsync(string email, int count = 1)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (To(email).Count < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"{To(email).Count} of {count} letters to {email}");
            await Task.Delay(50);
        }
        return To(email)[count - 1];
    }

    /// <summary>The code behind the # of the letter's link.</summary>
    public static string CodeOf(MimeMessage letter) => Code().Match(letter.TextBody ?? "").Value;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 catcher");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("354 go on");
                    Keep(await ReadLetterAsync(reader));
                }
                await writer.WriteLineAsync(Answer(line));
            }
        }
    }

    private string Answer(string line) => line.Split(' ')[0].ToUpperInvariant() switch
    {
        "QUIT" => "221 bye",
        "EHLO" => "250-catcher\r\n250 8BITMIME",
        "MAIL" when Refuse => "451 not now",
        _ => "250 ok",
    };

    private async Task<string> ReadLetterAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }

    private void Keep(string letter)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(letter));
        _letters.Enqueue(MimeMessage.Load(stream));
    }

    [GeneratedRegex("(?<=#)[A-Za-z0-9_-]{43}", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
