using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace SparseRobust.Web.Persistence;

/// <summary>Adds thousands of rows by one COPY instead of a parameter a value.</summary>
internal static class BulkCopy
{
    /// <summary>Adds rows to their table, on the context's connection and so within its transaction. The context does not follow them; columns that rows have no property for are the database's to fill.</summary>
    public static async Task CopyAsync<T>(this LabDb db, IReadOnlyCollection<T> rows, CancellationToken cancellation)
        where T : class
    {
        if (rows.Count == 0)
            return;
        var entity = db.Model.FindEntityType(typeof(T))!;
        var columns = entity.GetProperties().Where(property => !property.IsShadowProperty()).Select(Column.Of).ToList();
        await db.Database.OpenConnectionAsync(cancellation);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var writer = await connection.BeginBinaryImportAsync($"copy {entity.GetTableName()} ({string.Join(", ", columns.Select(column => column.Name))}) from stdin (format binary)", cancellation))
        {
            foreach (var row in rows)
            {
                await writer.StartRowAsync(cancellation);
                foreach (var column in columns)
                    await column.WriteAsync(writer, row, cancellation);
            }
            await writer.CompleteAsync(cancellation);
        }
        await db.Database.CloseConnectionAsync();
    }

    private sealed record Column(string Name, string Type, PropertyInfo Property, Func<object?, object?> Convert)
    {
        public static Column Of(IProperty property)
        {
            var mapping = property.GetRelationalTypeMapping();
            return new Column(property.GetColumnName(), mapping.StoreTypeNameBase, property.PropertyInfo!, mapping.Converter?.ConvertToProvider ?? (value => value));
        }

        public Task WriteAsync(NpgsqlBinaryImporter writer, object row, CancellationToken cancellation) =>
            Convert(Property.GetValue(row)) is { } value ? writer.WriteAsync(value, Type, cancellation) : writer.WriteNullAsync(cancellation);
    }
}
