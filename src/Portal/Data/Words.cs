using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data;

/// <summary>Enums stand in the database as the words of the design (<c>in_doubt</c>), with a check that knows them all.</summary>
internal static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => Snake(value.ToString());

    public static T Read<T>(string word) where T : struct, Enum =>
        Enum.GetValues<T>().First(v => Of(v) == word);

    public static PropertyBuilder<T> IsWord<T>(this PropertyBuilder<T> property) where T : struct, Enum
    {
        var entity = property.Metadata.DeclaringType;
        var column = Snake(property.Metadata.Name);
        var words = string.Join(", ", Enum.GetValues<T>().Select(v => $"'{Of(v)}'"));
        ((Microsoft.EntityFrameworkCore.Metadata.IMutableEntityType)entity).AddCheckConstraint(
            $"ck_{Snake(entity.ClrType.Name)}_{column}", $"{column} in ({words})");
        return property.HasConversion(v => Of(v), w => Read<T>(w)).HasMaxLength(40);
    }

    private static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
