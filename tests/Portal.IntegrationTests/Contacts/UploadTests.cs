using System.IO.Compression;
using System.Text;
using Portal.Contacts;

namespace Portal.IntegrationTests.ContactsTests;

public sealed class UploadTests(PortalFixture fixture) : ContactsRig(fixture), IClassFixture<PortalFixture>
{
    private const string People = "手机号,姓名\n8613800138000,李雷\n8613800138001,韩梅梅\n";

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(People) },
        { "UTF-8 with a mark", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(People)] },
        { "UTF-16 with a mark", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(People)] },
        { "UTF-16 without a mark", Encoding.Unicode.GetBytes(People) },
        { "UTF-16 big-endian with a mark", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(People)] },
        { "UTF-16 big-endian without a mark", Encoding.BigEndianUnicode.GetBytes(People) },
        { "GB18030", CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(People) },
    };

    public static TheoryData<string, byte[]> Refused => new()
    {
        { "file_workbook", [0x50, 0x4B, 0x03, 0x04, 0x14, 0x00] },
        { "file_workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1] },
        { "file_not_text", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A] },
        { "file_not_text", "%PDF-1.7"u8.ToArray() },
        { "file_not_text", [1, 2, 3, 0, 0, 0, 7, 0, 9, 0, 0, 200] },
        { "file_not_text", "86138\u0002\u0003"u8.ToArray() },
        { "file_encoding", [0x41, 0xFF, 0x80, 0x2C, 0x0A] },
        { "file_not_csv", "<html><body>8613800138000</body></html>"u8.ToArray() },
        { "file_not_csv", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(1, 101))) },
        { "file_empty", [] },
        { "file_empty", " \r\n\r\n"u8.ToArray() },
        { "file_empty", "mobile,name\n"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Text_is_read_in_every_encoding_that_spreadsheets_write(string encoding, byte[] content)
    {
        var member = await Fixture.NewTenantAsync();

        var import = (await UploadAsync(member, content)).Value;

        var preview = await PreviewAsync(member, import);
        Assert.Equal((encoding, "李雷", 2), (encoding, preview.FirstRows[0][1], preview.Check.Valid));
        Assert.Equal("姓名", preview.Columns[1].Field);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_table_of_text_is_refused_with_what_to_do(string code, byte[] content)
    {
        var member = await Fixture.NewTenantAsync();

        var problem = (await UploadAsync(member, content)).Problems[0];

        Assert.Equal(("File", code), (problem.Field, problem.Code));
        Assert.Equal(0, await CountAsync("imports", member));
    }

    /// <summary>What is small and becomes large when somebody unpacks it, and what is large and nothing: judged by what it is, and not kept.</summary>
    [Theory]
    [InlineData("a workbook of zeros", "file_workbook")]
    [InlineData("a workbook of shared strings", "file_workbook")]
    [InlineData("a workbook of a thousand sheets", "file_workbook")]
    [InlineData("an archive of a table", "file_workbook")]
    [InlineData("an old workbook", "file_workbook")]
    [InlineData("gzip", "file_not_text")]
    [InlineData("commas", "file_not_csv")]
    [InlineData("line ends", "file_empty")]
    [InlineData("quotes", "file_not_csv")]
    [InlineData("a quote that never closes", "file_not_csv")]
    [InlineData("one line in UTF-16", "file_not_csv")]
    public async Task A_bomb_is_refused_as_what_it_is_and_not_kept(string bomb, string code)
    {
        var member = await Fixture.NewTenantAsync();

        Assert.Equal(code, (await UploadAsync(member, Bomb(bomb))).Problems[0].Code);
        Assert.Equal(0, await CountAsync("imports", member));
    }

    [Theory]
    [InlineData("people.html")]
    [InlineData("people.csv.exe")]
    [InlineData("people")]
    public async Task A_file_that_calls_itself_something_else_is_refused(string name)
    {
        var member = await Fixture.NewTenantAsync();

        Assert.Equal("file_not_csv", (await UploadAsync(member, "mobile\n8613800138000\n"u8.ToArray(), name)).Problems[0].Code);
        Assert.True((await UploadAsync(member, "mobile\n8613800138000\n"u8.ToArray(), "People.CSV")).Ok);
    }

    [Fact]
    public async Task A_line_that_never_ends_is_no_table()
    {
        var member = await Fixture.NewTenantAsync();

        var problem = (await UploadAsync(member, Encoding.UTF8.GetBytes(new string('x', 3 * 1024 * 1024)))).Problems[0];

        Assert.Equal("file_not_csv", problem.Code);
    }

    [Fact]
    public async Task A_file_above_the_limit_is_refused_without_reading_on()
    {
        var member = await Fixture.NewTenantAsync();
        await using var endless = new Endless();

        var problem = (await Get<StartImport>().RunAsync(member, new("big.csv", endless), None)).Problems[0];

        Assert.Equal(("file_too_large", 20), (problem.Code, problem.Values[0]));
        Assert.InRange(endless.Given, StartImport.MostBytes, StartImport.MostBytes + 200_000);
    }

    [Fact]
    public async Task Nothing_pasted_is_refused_at_the_field()
    {
        var member = await Fixture.NewTenantAsync();

        var problem = (await Get<PasteNumbers>().RunAsync(member, new(" \n\t "), None)).Problems[0];

        Assert.Equal(("Text", "paste_empty"), (problem.Field, problem.Code));
    }

    [Fact]
    public async Task Cells_pasted_from_a_spreadsheet_stay_a_table()
    {
        var member = await Fixture.NewTenantAsync();
        var import = (await Get<PasteNumbers>().RunAsync(member, new("name\tmobile\r\nLi, Lei\t8613800138000\r\n"), None)).Value;

        var preview = await PreviewAsync(member, import);

        Assert.Equal((1, "Li, Lei"), (preview.NumberColumn, preview.FirstRows[0][0]));
    }

    private static byte[] Bomb(string name) => name switch
    {
        "a workbook of zeros" => Packed("xl/worksheets/sheet1.xml"),
        "a workbook of shared strings" => Packed("xl/sharedStrings.xml"),
        "a workbook of a thousand sheets" => Packed([.. Enumerable.Range(0, 1000).Select(i => $"xl/worksheets/sheet{i}.xml")]),
        "an archive of a table" => Packed("people.csv"),
        "an old workbook" => [0xD0, 0xCF, 0x11, 0xE0, .. new byte[1024 * 1024]],
        "gzip" => Gzip(),
        "commas" => Filled(","),
        "line ends" => Filled("\n"),
        "quotes" => Filled("\""),
        "a quote that never closes" => Encoding.UTF8.GetBytes("mobile,name\n8613800138000,\"" + new string('x', 3 * 1024 * 1024)),
        _ => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(new string('好', 3 * 1024 * 1024))],
    };

    private static byte[] Filled(string sign) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sign, 3 * 1024 * 1024)));

    private static byte[] Packed(params string[] parts)
    {
        using var kept = new MemoryStream();
        using (var zip = new ZipArchive(kept, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in parts)
            {
                using var stream = zip.CreateEntry(part, CompressionLevel.SmallestSize).Open();
                stream.Write(new byte[5 * 1024 * 1024 / parts.Length]);
            }
        }
        return kept.ToArray();
    }

    private static byte[] Gzip()
    {
        using var kept = new MemoryStream();
        using (var gzip = new GZipStream(kept, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[5 * 1024 * 1024]);
        return kept.ToArray();
    }

    private sealed class Endless : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)'8', offset, count);
            Given += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
