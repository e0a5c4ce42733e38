using System.IO.Compression;
using System.Text;
using Portal.Benchmarks.Rig;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// Files that are small and become large, or are all of one sign: each is judged by the use case that takes uploads in, with the time
/// and the memory that it took. Exit code 1 when one took more than two seconds or a hundred megabytes.
/// </summary>
internal static class UploadsBench
{
    private const double MostSeconds = 2;
    private const double MostMb = 100;

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        await using var scratch = await Scratch.CreateAsync(ct);
        await using var rig = new ProductRig(scratch, requestTimeoutSeconds: 5);
        var owner = await rig.TenantAsync(ct);
        var import = new StartImport(rig.Dbs, TimeProvider.System);
        // What is loaded at the first one is not the file's.
        await import.RunAsync(owner, new("first.csv", new MemoryStream("mobile\n8613800138000\n"u8.ToArray())), ct);
        var (table, slowest, largest) = (new Table("uploads", options.Json), 0.0, 0.0);
        foreach (var (name, content) in Bombs.All())
        {
            GC.Collect();
            var start = TimeProvider.System.GetTimestamp();
            Result<Guid> result;
            double mb;
            await using (var memory = new PeakMemory())
            {
                result = await import.RunAsync(owner, new("people.csv", new MemoryStream(content)), ct);
                mb = memory.GrowthMb;
            }
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            table.Add($"{name} ({content.Length / 1048576.0:0.00} MB): {(result.Ok ? "taken" : result.Problems[0].Code)}", seconds, "s", $"≤ {MostSeconds}");
            table.Add($"{name}: memory above", mb, "MB", $"≤ {MostMb}");
            (slowest, largest) = (Math.Max(slowest, seconds), Math.Max(largest, mb));
        }
        table.Print(largest / MostMb, "most memory that one took ÷ what it may");
        return slowest <= MostSeconds && largest <= MostMb ? 0 : 1;
    }

    private static class Bombs
    {
        private const int Most = 20 * 1024 * 1024;

        public static IEnumerable<(string Name, byte[] Content)> All()
        {
            yield return ("a workbook of 500 MB of zeros", Workbook(("xl/worksheets/sheet1.xml", 500)));
            yield return ("a workbook with 500 MB of shared strings", Workbook(("xl/sharedStrings.xml", 500)));
            yield return ("a workbook of 1,000 sheets of 1 MB", Workbook([.. Enumerable.Range(1, 1000).Select(i => ($"xl/worksheets/sheet{i}.xml", 1))]));
            yield return ("an archive in an archive", Workbook(("inner.zip", 300)));
            yield return ("gzip of 500 MB", Gzip(500));
            yield return ("an old workbook's head and 20 MB", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[Most - 4]]);
            yield return ("20 MB of commas", Filled(","));
            yield return ("20 MB of line ends", Filled("\n"));
            yield return ("20 MB of quotes", Filled("\""));
            yield return ("a quote that never closes", Encoding.UTF8.GetBytes("mobile,name\n8613800138000,\"" + new string('x', Most - 100)));
            yield return ("ten million rows of one digit", Filled("1\n"));
            yield return ("20 MB of one letter in UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(new string('好', (Most / 2) - 8))]);
        }

        private static byte[] Filled(string sign) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sign, Most / sign.Length)));

        private static byte[] Workbook(params (string Name, int Megabytes)[] parts)
        {
            using var kept = new MemoryStream();
            using (var zip = new ZipArchive(kept, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var (name, megabytes) in parts)
                {
                    using var part = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                    Write(part, megabytes);
                }
            }
            return kept.ToArray();
        }

        private static byte[] Gzip(int megabytes)
        {
            using var kept = new MemoryStream();
            using (var gzip = new GZipStream(kept, CompressionLevel.SmallestSize, leaveOpen: true))
                Write(gzip, megabytes);
            return kept.ToArray();
        }

        private static void Write(Stream stream, int megabytes)
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < megabytes; i++)
                stream.Write(zeros);
        }
    }
}
