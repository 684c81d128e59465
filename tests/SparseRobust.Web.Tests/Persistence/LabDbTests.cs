using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Persistence;

[Collection(PostgresTests.Name)]
public sealed class LabDbTests(PostgresFixture postgres)
{
    [Fact]
    public void The_migrations_are_the_model()
    {
        using var db = new LabDb(new DbContextOptionsBuilder<LabDb>().UseNpgsql("Host=nowhere").Options);
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [PostgresFact]
    public async Task The_migrations_make_the_tables_of_the_model_in_names_that_need_no_quotes()
    {
        await using var db = new LabDb(new DbContextOptionsBuilder<LabDb>().UseNpgsql(await postgres.CreateDatabaseAsync()).Options);
        await db.Database.MigrateAsync();
        var made = await db.Database.SqlQuery<string>($"select table_name || '.' || column_name as \"Value\" from information_schema.columns where table_schema = 'public' and table_name <> '__EFMigrationsHistory'").ToListAsync();
        var modelled = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Select(property => $"{entity.GetTableName()}.{property.GetColumnName()}"));
        Assert.Equal(modelled.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        Assert.All(made, name => Assert.Matches(new Regex("^[a-z_0-9.]+$"), name));
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }
}
