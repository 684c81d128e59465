using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SparseRobust.Web.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class LiveReaders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<ulong>(
                name: "changed_in",
                table: "runs",
                type: "xid8",
                nullable: false,
                defaultValueSql: "pg_current_xact_id()");

            migrationBuilder.AddColumn<long[]>(
                name: "rewinds",
                table: "runs",
                type: "bigint[]",
                nullable: false,
                defaultValue: new long[0]);

            migrationBuilder.CreateIndex(
                name: "ix_runs_changed_in",
                table: "runs",
                column: "changed_in");

            // What RunStatus shows; a lease that is renewed is no change.
            migrationBuilder.Sql("""
                create function run_changed() returns trigger language plpgsql as $$ begin new.changed_in := pg_current_xact_id(); return new; end $$;
                create trigger run_changed before update on runs for each row
                when ((old.state, old.stage, old.step, old.total_steps, old.last_sequence, old.rewinds) is distinct from (new.state, new.stage, new.step, new.total_steps, new.last_sequence, new.rewinds))
                execute function run_changed();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop trigger run_changed on runs; drop function run_changed();");

            migrationBuilder.DropIndex(
                name: "ix_runs_changed_in",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "changed_in",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "rewinds",
                table: "runs");
        }
    }
}
