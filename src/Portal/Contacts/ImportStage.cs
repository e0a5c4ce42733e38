using System.Buffers;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Portal.Contacts;

/// <summary>Streams an import's rows into the temporary table <c>import_rows</c>, and what cannot be taken into the problems.</summary>
internal sealed class ImportStage(ClaimedImport claim, ImportWatch watch, ImportProblems problems)
{
    private const int Stride = 256;

    private readonly ArrayBufferWriter<byte> _json = new(512);

    public async Task FillAsync()
    {
        await claim.Connection.ExecuteAsync("""
            create temp table import_rows (line int not null, id uuid not null, number text collate "C" not null, country text, fields jsonb not null) on commit drop
            """, [], watch.Token);
        await using (var copy = await claim.Connection.BeginBinaryImportAsync(
            "copy pg_temp.import_rows (line, id, number, country, fields) from stdin (format binary)", watch.Token))
        {
            await CopyAsync(copy);
            await copy.CompleteAsync(watch.Token);
        }
        await claim.Connection.ExecuteAsync("analyze pg_temp.import_rows", [], watch.Token);
    }

    private async Task CopyAsync(NpgsqlBinaryImporter copy)
    {
        var (input, count) = (claim.Input, 0);
        using var rows = new RowReader(claim.Content, input.Layout, input.Mapping, input.Region);
        while (rows.Read())
        {
            if (++count % Stride == 0)
            {
                watch.Token.ThrowIfCancellationRequested();
                watch.Rows = count;
            }
            if (rows.Reason is { } reason)
                problems.Add(rows.Line, rows.Written, reason);
            else
                await WriteAsync(copy, rows);
        }
        watch.Rows = count;
    }

    private async Task WriteAsync(NpgsqlBinaryImporter copy, RowReader row)
    {
        await copy.StartRowAsync(watch.Token);
        await copy.WriteAsync(row.Line, NpgsqlDbType.Integer, watch.Token);
        await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, watch.Token);
        await copy.WriteAsync(row.Number!, NpgsqlDbType.Text, watch.Token);
        if (row.Country is { } country)
            await copy.WriteAsync(country, NpgsqlDbType.Text, watch.Token);
        else
            await copy.WriteNullAsync(watch.Token);
        await copy.WriteAsync(Json(row), NpgsqlDbType.Jsonb, watch.Token);
    }

    private byte[] Json(RowReader row)
    {
        _json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_json))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in row.Fields())
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        return _json.WrittenSpan.ToArray();
    }
}
