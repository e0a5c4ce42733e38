using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Contacts;

/// <summary>How a number lies in a table: digits, compared byte by byte (design section 1).</summary>
internal static class Numbers
{
    public const string Check = "number ~ '^[1-9][0-9]{6,14}$'";

    public static PropertyBuilder<string> IsNumber(this PropertyBuilder<string> property) =>
        property.UseCollation("C").HasColumnType("text");
}
