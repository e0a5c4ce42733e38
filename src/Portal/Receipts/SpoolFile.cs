using System.Net;
using System.Security.Cryptography;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// A file of groups of receipts: length, checksum, content. It is locked while a process has it. A group counts once it is
/// flushed to the disk; what a death left half written at the end has a wrong checksum, and was never answered with OK.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private const int HeadLength = 4 + ChecksumLength;
    private const int ChecksumLength = 8;
    private const int LongestGroup = 16 * 1024 * 1024;
    private const string Ending = ".spool";

    private readonly FileStream _stream;
    private long _end;

    private SpoolFile(Guid id, FileStream stream) => (Id, _stream, _end) = (id, stream, stream.Length);

    public Guid Id { get; }

    public long Length => _end;

    /// <summary>A file of one's own, known to its folder even after a power cut.</summary>
    public static SpoolFile Create(string folder)
    {
        var id = Guid.CreateVersion7();
        Directory.CreateDirectory(folder);
        // Whoever looks for orphans just now may be quicker.
        var file = new SpoolFile(id, FileLock.TryTake(Path.Combine(folder, id + Ending)) ?? throw new IOException("The new file is taken."));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file._stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        FolderFlush.Run(folder);
        return file;
    }

    /// <summary>Files of this folder whose process is gone, oldest first; they are this process's from now on.</summary>
    public static IEnumerable<SpoolFile> Orphans(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal))
        {
            if (Guid.TryParse(Path.GetFileNameWithoutExtension(path), out var id) && File.Exists(path) && FileLock.TryTake(path) is { } stream)
                yield return new SpoolFile(id, stream);
        }
    }

    public void Append(IReadOnlyList<Arrival> group)
    {
        var content = Write(group);
        try
        {
            _stream.Position = _end;
            _stream.Write(BitConverter.GetBytes(content.Length));
            _stream.Write(Checksum(content));
            _stream.Write(content);
            _stream.Flush(flushToDisk: true);
            _end = _stream.Position;
        }
        catch
        {
            // Half a group must not stand before the next one.
            _stream.SetLength(_end);
            throw;
        }
    }

    /// <summary>Groups from a place on, some thousand receipts; and the place behind them. None: it is the end.</summary>
    public (List<Arrival> Group, long Next) Read(long from, int atLeast)
    {
        var group = new List<Arrival>();
        var head = new byte[HeadLength];
        _stream.Position = from;
        while (group.Count < atLeast)
        {
            if (_stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) < HeadLength || BitConverter.ToInt32(head) is <= 0 or > LongestGroup)
                break;
            var content = new byte[BitConverter.ToInt32(head)];
            if (_stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length || !Checksum(content).AsSpan().SequenceEqual(head.AsSpan(4)))
                break;
            group.AddRange(Read(content));
            from += HeadLength + content.Length;
        }
        return (group, from);
    }

    /// <param name="keepAs">The ending under which it is kept for a person to look at; null: it is deleted.</param>
    public void Delete(string? keepAs)
    {
        if (keepAs is null)
            File.Delete(_stream.Name);
        else
            File.Move(_stream.Name, _stream.Name + keepAs, overwrite: true);
        Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private static byte[] Checksum(byte[] content) => SHA256.HashData(content)[..ChecksumLength];

    private static byte[] Write(IReadOnlyList<Arrival> group)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        foreach (var arrival in group)
        {
            writer.Write(arrival.At.UtcTicks);
            writer.Write(arrival.Source?.ToString() ?? "");
            writer.Write(arrival.Token ?? "");
            writer.Write(arrival.Body!.Length);
            writer.Write(arrival.Body);
        }
        return content.ToArray();
    }

    private static List<Arrival> Read(byte[] content)
    {
        var group = new List<Arrival>();
        using var reader = new BinaryReader(new MemoryStream(content));
        while (reader.BaseStream.Position < content.Length)
        {
            var at = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var source = IPAddress.TryParse(reader.ReadString(), out var address) ? address : null;
            var token = reader.ReadString();
            group.Add(new Arrival(at, source, token.Length > 0 ? token : null, reader.ReadBytes(reader.ReadInt32())));
        }
        return group;
    }
}
