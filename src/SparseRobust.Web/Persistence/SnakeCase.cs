using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace SparseRobust.Web.Persistence;

/// <summary>Names of columns, keys and indexes as PostgreSQL's users write them, so that no query needs quotes.</summary>
internal static class SnakeCase
{
    public static void ApplyTo(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Of(property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName($"pk_{entity.GetTableName()}");
            foreach (var key in entity.GetForeignKeys())
                key.SetConstraintName($"fk_{entity.GetTableName()}_{string.Join('_', key.Properties.Select(property => Of(property.Name)))}");
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName($"ix_{entity.GetTableName()}_{string.Join('_', index.Properties.Select(property => Of(property.Name)))}");
        }
    }

    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
