using Portal.Contacts;

namespace Portal.Web.Tests.Contacts;

/// <summary>What pages of contacts are given in these tests.</summary>
internal static class Samples
{
    public static ImportPreview Preview(ImportCheck? check = null) => new(
        Guid.NewGuid(), "people.csv", new CsvLayout(';', HasHeader: true),
        [new(0, "Name", "name"), new(1, "Mobile", null), new(2, "", null)], NumberColumn: 1,
        [["Li", "8613800138000", ""], ["Wang", "13800138001"]], check ?? new ImportCheck(2, 1, 1), ListId: null);

    public static ListRow List(string name = "Members") => new(Guid.NewGuid(), name, 12_345, 67, PortalContext.Now);

    public static ImportProgress Progress(ImportState state, int rows = 60_000, int total = 60_000, int problems = 2) => new(
        Guid.NewGuid(), "people.csv", state, Stalled: false, Guid.NewGuid(), "Members", PortalContext.Now, rows, total, 40_000, 5_000, 3_000, 12_000, problems);
}
